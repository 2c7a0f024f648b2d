"""A clinician's certificate for the tests, made anew: nobody's key lies in the repository."""

from datetime import UTC, datetime, timedelta

import page
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PASSPHRASE = "correct horse Größe"  # noqa: S105  of a certificate made here
PROFILES = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)


def make_certificate(
    *, begins=-1, ends=365, usage=None, key=None, kept=True, passphrase=PASSPHRASE, issuer="Dr Ada Lind"
):
    """Return a PKCS#12 file for Dr Ada Lind; `begins` and `ends` in days from AT."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    name, issued_by = (x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, who)]) for who in ("Dr Ada Lind", issuer))
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issued_by)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(AT + timedelta(days=begins))
        .not_valid_after(AT + timedelta(days=ends))
    )
    if usage:
        names = (
            "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
            "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
        )  # fmt: skip
        builder = builder.add_extension(x509.KeyUsage(**{word: word == usage for word in names}), critical=True)
    lock = serialization.BestAvailableEncryption(passphrase.encode())
    made = builder.sign(key, hashes.SHA256())
    return pkcs12.serialize_key_and_certificates(b"x", key if kept else None, made, None, lock)
