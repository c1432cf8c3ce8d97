"""Chinese, as the forms of the province have it."""
