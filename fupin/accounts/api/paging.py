"""Pages of the API: ``?page=``, ``?page_size=`` up to 500, ``count`` and ``results``."""

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """Cut a list with a stable order into pages."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 500
    invalid_page_message = "没有这一页"
