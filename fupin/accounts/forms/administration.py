"""Forms of the security administrator."""

from typing import Any

from django import forms

from fupin.accounts.models import Post, User
from fupin.accounts.roles import ADMINISTRATORS, Role
from fupin.divisions.models import Division
from fupin.divisions.widgets import DivisionInput


class UserForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """A new account: one natural person."""

    class Meta:
        model = User
        fields = ("username", "full_name", "unit")
        help_texts = {"username": "登录用，建议用姓名全拼加数字；一人一个账号，不共用"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "用户名"
        self.fields["unit"].required = True


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="事由", min_length=4, max_length=500)


class DivisionCodeField(forms.CharField):
    """A division by its code, picked by name in the browser."""

    def clean(self, value: Any) -> Division:
        """Return the division, or say that there is none."""
        text = super().clean(value).strip()
        found = Division.objects.filter(pk=int(text)).first() if text.isascii() and text.isdecimal() else None
        if found is None:
            raise forms.ValidationError("没有这个区划，请从列表中选")
        return found


class GrantForm(forms.Form):
    """A post to be granted."""

    user = forms.CharField(label="用户名", help_text="填登录用的用户名")
    role = forms.ChoiceField(
        label="角色", choices=Role.choices, widget=forms.Select(attrs={"data-plain": "1"})
    )
    division = DivisionCodeField(label="区划", widget=DivisionInput())
    enterprise_code = forms.CharField(
        label="企业代码",
        required=False,
        max_length=18,
        help_text="只有企业岗位填：统一社会信用代码或组织机构代码",
    )
    since = forms.DateField(label="自", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(
        label="至",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="自该日起不再任此岗；不填为长期",
    )

    def clean_user(self) -> User:
        """Find the user by name."""
        user = User.objects.filter(username=self.cleaned_data["user"].strip(), is_active=True).first()
        if user is None:
            raise forms.ValidationError("没有这个用户，或账号已停用")
        return user

    def clean_role(self) -> Role:
        """Return the role itself."""
        return Role(self.cleaned_data["role"])


class PostChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs only
    """A post by who holds it, as what, and where."""

    def label_from_instance(self, obj: Post) -> str:
        """Return the words of a choice."""
        return f"{obj.user.full_name}（{obj.user.username}） {obj}"


class TokenForm(forms.Form):
    """A token to be issued to a department's post."""

    post = PostChoiceField(
        label="岗位",
        queryset=Post.objects.none(),
        widget=forms.Select(attrs={"data-plain": "1"}),
        empty_label=None,
    )
    days = forms.IntegerField(label="有效天数", min_value=1, max_value=366, initial=180)

    def __init__(self, *args: Any, username: str, today: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        posts = Post.objects.held_on(today).filter(user__username=username, user__is_active=True)
        chosen = posts.exclude(role__in=ADMINISTRATORS).select_related("user", "division").order_by("pk")
        self.fields["post"].queryset = chosen  # type: ignore[attr-defined]  # it is a ModelChoiceField
