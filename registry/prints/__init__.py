"""户卡, 村表 and 劳动力卡 on paper: a record of plain values, a template, a check code."""
