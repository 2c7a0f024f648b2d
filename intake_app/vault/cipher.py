"""What locks the key up and opens it again; apart, because `cryptography` is loaded after the first picture."""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)  # RFC 9180


def derive_password(password: bytes, salt: bytes, passes: int, kib: int, lanes: int) -> bytes:
    """Return the 32 bytes that a password stands for, slowly."""
    kdf = Argon2id(salt=salt, length=KEY_BYTES, iterations=passes, lanes=lanes, memory_cost=kib)
    return kdf.derive(password)


def derive_code(code: bytes, salt: bytes) -> bytes:
    """Return the 32 bytes that the 160 bits of a recovery code stand for."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=b"spine-intake recovery").derive(code)


def derive_inside(key: bytes) -> bytes:
    """Return the 32 bytes under which the key file keeps what only those may read who have the records' key."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"spine-intake key file").derive(key)


def make_pair() -> tuple[bytes, bytes]:
    """Return a new pair of 32 bytes each: the private half, and the public one to which a key can be sealed."""
    private = X25519PrivateKey.generate()
    return private.private_bytes_raw(), private.public_key().public_bytes_raw()


def read_public(private: bytes) -> bytes:
    """Return the public half of a private one."""
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def seal_to(public: bytes, key: bytes, identity: bytes) -> bytes:
    """Lock up a key for whoever has the private half, bound to whose it is."""
    return _SUITE.encrypt(key, X25519PublicKey.from_public_bytes(public), info=identity)


def open_with(private: bytes, sealed: bytes, identity: bytes) -> bytearray | None:
    """Return the key, or None if it was locked up for another pair or for somebody else."""
    try:
        return bytearray(_SUITE.decrypt(sealed, X25519PrivateKey.from_private_bytes(private), info=identity))
    except InvalidTag:
        return None


def seal(wrapping: bytes, nonce: bytes, content: bytes, identity: bytes) -> bytes:
    """Lock up a private half, or what is inside the key file, bound to whose it is."""
    return AESGCM(wrapping).encrypt(nonce, content, identity)


def open_sealed(wrapping: bytes, nonce: bytes, sealed: bytes, identity: bytes) -> bytearray | None:
    """Return what was locked up, or None if that was by something else or for somebody else."""
    try:
        return bytearray(AESGCM(wrapping).decrypt(nonce, sealed, identity))
    except InvalidTag:
        return None
