"""What locks the key up and opens it again; apart, because `cryptography` is loaded after the first picture."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32


def derive_password(password: bytes, salt: bytes, passes: int, kib: int, lanes: int) -> bytes:
    """Return the 32 bytes that a password stands for, slowly."""
    kdf = Argon2id(salt=salt, length=KEY_BYTES, iterations=passes, lanes=lanes, memory_cost=kib)
    return kdf.derive(password)


def derive_code(code: bytes, salt: bytes) -> bytes:
    """Return the 32 bytes that the 160 bits of a recovery code stand for."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=b"spine-intake recovery").derive(code)


def seal(wrapping: bytes, nonce: bytes, key: bytes, identity: bytes) -> bytes:
    """Lock up a key, bound to whose it is."""
    return AESGCM(wrapping).encrypt(nonce, key, identity)


def open_sealed(wrapping: bytes, nonce: bytes, sealed: bytes, identity: bytes) -> bytearray | None:
    """Return the key, or None if it was locked up by something else or for somebody else."""
    try:
        return bytearray(AESGCM(wrapping).decrypt(nonce, sealed, identity))
    except InvalidTag:
        return None
