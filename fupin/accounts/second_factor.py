"""The second factor: a time-based one-time code (RFC 6238) for every role; a lost device is reset by the security administrator."""

import binascii
from base64 import b32encode
from secrets import token_hex

from django.db import transaction
from django.http import HttpRequest
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from fupin.accounts.models import User

WRONG_CODES = 10
"""So many wrong codes in a row lock the device until it is reset (security.md row 3)."""

LOCKED = "动态口令连续输错 10 次，已锁定，请找安全管理员重置"
WRONG = "动态口令不对，或已用过；请等下一个"


def has_device(user: User) -> bool:
    """Return whether the user has enrolled a device."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def new_key() -> str:
    """Return the secret of a new device, hexadecimal."""
    return token_hex(20)


def spoken(key: str) -> str:
    """Return the secret as an authenticator app takes it when typed: base 32 in groups of four."""
    letters = b32encode(binascii.unhexlify(key)).decode()
    return " ".join(letters[start : start + 4] for start in range(0, len(letters), 4))


@transaction.atomic
def enrol(user: User, key: str, code: str) -> TOTPDevice | None:
    """Enrol the device whose secret is ``key`` if ``code`` proves that it is at hand; None when it does not, or one is enrolled."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    totp = TOTP(binascii.unhexlify(key))
    if has_device(user) or not code.isdecimal() or not totp.verify(int(code), tolerance=1):
        return None
    device: TOTPDevice = TOTPDevice.objects.create(
        user=user, name="动态口令", key=key, confirmed=True, last_t=totp.t(), drift=totp.drift
    )
    return device


@transaction.atomic
def check(user: User, code: str) -> tuple[TOTPDevice | None, str]:
    """Return the device whose code this is, or what is wrong. A code works once, also when it is sent twice at the same moment."""
    device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).order_by("pk").first()
    if device is None:
        return None, WRONG
    if device.throttling_failure_count >= WRONG_CODES:
        return None, LOCKED
    if not device.verify_token(code):
        return None, LOCKED if device.throttling_failure_count >= WRONG_CODES else WRONG
    return device, ""


def mark(request: HttpRequest, device: TOTPDevice) -> None:
    """Mark the session as fully signed in."""
    request.session[DEVICE_ID_SESSION_KEY] = device.persistent_id


def reset(user: User) -> None:
    """Forget the user's devices; at his next sign-in he enrols a new one."""
    TOTPDevice.objects.filter(user=user).delete()
