"""The form by which an announced list is put forward."""

from django import forms


class AnnouncedForm(forms.Form):
    """What is known of a list that was announced before the system was there."""

    identified_year = forms.IntegerField(label="识别年度", min_value=1986, max_value=2100)
    old_standard = forms.CharField(
        label="原标准", max_length=200, help_text="如：2011 年省定标准，人均纯收入 1550 元"
    )
    source = forms.CharField(label="来源", max_length=200, help_text="原名册的名称和保管单位")
    document = forms.CharField(label="公告文号", max_length=100)
    announced_on = forms.DateField(label="公告日期")
    file = forms.FileField(label="公告文件", help_text="PDF、JPG 或 PNG，不超过 10 MB")
