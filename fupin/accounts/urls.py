"""Addresses of signing in, of one's own account, and of the three administrators."""

from django.urls import path

from fupin.accounts.api.token import DrawToken
from fupin.accounts.views import own, posts, records, sign_in, tokens, users

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.second_factor_check, name="second_factor"),
    path("sign-in/code/new/", sign_in.second_factor_enrol, name="second_factor_enrol"),
    path("sign-in/again/", sign_in.sign_in_again, name="sign_in_again"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("account/password/", own.password_change, name="password_change"),
    path("account/sessions/", own.session_list, name="session_list"),
    path("account/sessions/others/end/", own.session_end_others, name="session_end_others"),
    path("account/sessions/<int:pk>/end/", own.session_end, name="session_end"),
    path("account/post/", own.post_switch, name="post_switch"),
    path("accounts/users/", users.user_list, name="user_list"),
    path("accounts/users/new/", users.user_new, name="user_new"),
    path("accounts/users/<int:pk>/", users.user_card, name="user_card"),
    path("accounts/users/<int:pk>/disable/", users.user_disable, name="user_disable"),
    path("accounts/users/<int:pk>/enable/", users.user_enable, name="user_enable"),
    path("accounts/users/<int:pk>/password/", users.user_reset_password, name="user_reset_password"),
    path("accounts/users/<int:pk>/second-factor/", users.user_reset_factor, name="user_reset_factor"),
    path("accounts/posts/", posts.post_list, name="post_list"),
    path("accounts/posts/new/", posts.post_grant, name="post_grant"),
    path("accounts/posts/<int:pk>/approve/", posts.post_approve, name="post_approve"),
    path("accounts/posts/<int:pk>/revoke/", posts.post_revoke, name="post_revoke"),
    path("accounts/tokens/", tokens.token_list, name="token_list"),
    path("accounts/tokens/new/", tokens.token_new, name="token_new"),
    path("accounts/tokens/<int:pk>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("accounts/audit/", records.audit_list, name="audit_list"),
    path("accounts/access/", records.access_list, name="access_list"),
    path("api/v1/auth/token/", DrawToken.as_view(), name="auth_token"),
]
