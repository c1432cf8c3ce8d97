"""How the product writes and reads dates, in place of Django's own for Chinese (2014年4月29日, 2014/04/29)."""
