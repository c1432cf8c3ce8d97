"""What is read of money: figures, flows, and the rows behind them."""
