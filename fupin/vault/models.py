"""One sealed value a row; business rows point at it and keep its blind index and its masked form."""

from django.db import models


class Sealed(models.Model):
    """密文: written once, never changed, readable only through the database function ``vault_reveal``.

    A corrected number is a new row, so that history keeps pointing at the old one. ``id`` and ``kind`` are part of what is
    authenticated: a ciphertext moved to another row does not open.
    """

    id = models.UUIDField(primary_key=True)
    division = models.BigIntegerField("区划")
    kind = models.CharField("种类", max_length=12)
    ciphertext = models.BinaryField("密文")
    sealed_at = models.DateTimeField("写入时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "密文"

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"
