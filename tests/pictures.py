"""Pictures, films and documents for tests: made from a seed, signed with keys made on the spot."""

from __future__ import annotations

import io
import json
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import c2pa
import cv2
import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image, ImageFilter

GENERATED = "trainedAlgorithmicMedia"


def scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A picture with things in it, as a camera might take it."""
    draw = np.random.default_rng(seed)
    width, height = size
    picture = np.full((height, width, 3), draw.integers(60, 200, 3), np.uint8)
    for _ in range(60):
        at = tuple(int(n) for n in draw.integers(0, (width, height)))
        colour = tuple(int(n) for n in draw.integers(0, 256, 3))
        axes = tuple(int(n) for n in draw.integers(6, width // 8, 2))
        cv2.ellipse(picture, at, axes, int(draw.integers(0, 180)), 0, 360, colour, -1)
    noise = draw.normal(0, 6, picture.shape)
    soft = Image.fromarray(np.clip(picture + noise, 0, 255).astype(np.uint8))
    return soft.filter(ImageFilter.GaussianBlur(0.8))


def saved(picture: Image.Image, kind: str = "JPEG", **more: object) -> bytes:
    """A picture as a file."""
    written = io.BytesIO()
    picture.save(written, kind, **more)
    return written.getvalue()


def camera_record(taken: str = "2026:03:01 10:00:00", zone: str = "+08:00") -> Image.Exif:
    """The record that a phone writes, with a position."""
    exif = Image.Exif()
    exif.update({271: "Apple", 272: "iPhone 15", 306: taken})
    exif.get_ifd(0x8769).update({36867: taken, 36881: zone, 36880: zone})
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 14.0, 3.0)})
    return exif


def film(seed: int, seconds: int = 5, suffix: str = ".mp4") -> bytes:
    """A film of a scene that a hand holds."""
    with TemporaryDirectory() as folder:
        path = Path(folder, f"film{suffix}")
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10.0, (480, 360))
        wide = np.asarray(scene(seed, (560, 440)))[:, :, ::-1]
        for frame in range(10 * seconds):
            left = 40 + round(38 * np.sin(frame / 20))
            writer.write(np.ascontiguousarray(wide[20:380, left : left + 480]))
        writer.release()
        return path.read_bytes()


def signed(content: bytes, source: str = GENERATED) -> bytes:
    """A JPEG with content credentials that name this source."""
    certificates, key = _keys()
    signer = c2pa.Signer.from_info(
        c2pa.C2paSignerInfo(alg=b"es256", sign_cert=certificates, private_key=key, ta_url=None)
    )
    kind = f"http://cv.iptc.org/newscodes/digitalsourcetype/{source}"
    action = {"action": "c2pa.created", "digitalSourceType": kind}
    manifest = {
        "claim_generator_info": [{"name": "made", "version": "1"}],
        "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [action]}}],
    }
    written = io.BytesIO()
    c2pa.Builder(json.dumps(manifest)).sign(signer, "image/jpeg", io.BytesIO(content), written)
    return written.getvalue()


@cache
def _keys() -> tuple[bytes, bytes]:
    authority, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    above = _certificate("Authority", authority, "Authority", authority, above=True)
    leaf = _certificate("Signer", own, "Authority", authority, above=False)
    pem = serialization.Encoding.PEM
    key = own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return leaf.public_bytes(pem) + above.public_bytes(pem), key


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    by: ec.EllipticCurvePrivateKey,
    *,
    above: bool,
) -> x509.Certificate:
    since = datetime(2026, 1, 1)
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "encipher_only", "decipher_only"), False
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=36_500))
        .add_extension(x509.BasicConstraints(above, None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=not above, key_cert_sign=above, crl_sign=above, **usage
            ),
            critical=True,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(by.public_key()), critical=False
        )
    )
    if not above:
        made = made.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
        )
    return made.sign(by, hashes.SHA256())


def _named(name: str) -> x509.Name:
    both = ((NameOID.COMMON_NAME, name), (NameOID.ORGANIZATION_NAME, "Made for a test"))
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in both])
