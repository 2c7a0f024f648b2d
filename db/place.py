"""Where records must not be: on a network share or in a folder that a program copies to the cloud.

SQLite's locks do not hold on network file systems, and a program that copies a database while it is written damages it
(https://www.sqlite.org/howtocorrupt.html); and patients' records in a cloud have left the machine.
"""

import os
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath

from db.errors import StoreError

_MOUNTS = Path("/proc/self/mounts")
_NETWORK_TYPES = {
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "lustre", "beegfs", "davfs", "9p"),
    *("vboxsf", "prl_fs", "fuse.sshfs", "fuse.rclone", "fuse.davfs", "fuse.davfs2", "fuse.s3fs", "fuse.gcsfuse"),
    *(
        "fuse.glusterfs",
        "fuse.ceph",
        "fuse.gvfsd-fuse",
        "fuse.vmhgfs-fuse",
        "fuse.onedriver",
        "fuse.google-drive-ocamlfuse",
    ),
}
_REMOTE_DRIVE = 4  # https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-getdrivetypew
# A folder's name in small letters without spaces and signs begins so. Box is whole: people are called that, too.
_CLOUD_NAMES = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "googledrive": "Google Drive",
    "iclouddrive": "iCloud",
    "mobiledocuments": "iCloud",
    "comappleclouddocs": "iCloud",
    "cloudstorage": "a cloud service",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "boxsync": "Box",
    "pclouddrive": "pCloud",
    "megasync": "MEGA",
    "protondrive": "Proton Drive",
    "yandexdisk": "Yandex Disk",
    "seafile": "Seafile",
    "syncthing": "Syncthing",
    "tresorit": "Tresorit",
}
# What these programs leave in the folder they copy.
_CLOUD_MARKS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".owncloudsync.log": "ownCloud",
    ".nextcloudsync.log": "Nextcloud",
    ".stfolder": "Syncthing",
    ".seafile-data": "Seafile",
    ".tmp.drivedownload": "Google Drive",
    ".tmp.driveupload": "Google Drive",
}
_CLOUD_VARIABLES = {"OneDrive": "OneDrive", "OneDriveCommercial": "OneDrive", "OneDriveConsumer": "OneDrive"}
_HINT = (
    "Move the folder of the records to a disk inside this computer that no program copies elsewhere, or set"
    " INTAKE_DATA to such a folder. Nothing was opened or changed."
)


def check_place(path: Path) -> None:
    """Raise StoreError if a database at `path` would be on a network share or in a folder copied to the cloud."""
    whole = path.absolute()
    if share := next(_find_shares(whole), ""):
        raise StoreError(f"The records are on a network share ({share}), where they can be damaged.", _HINT)
    if cloud := next(_find_clouds(whole, os.environ), ""):
        raise StoreError(f"The records are in a folder that {cloud} copies to other computers.", _HINT)


def _find_shares(path: Path) -> Iterator[str]:
    if str(path).startswith(("\\\\", "//")):
        yield "a path that begins with the name of a server"
    if sys.platform == "win32":  # pragma: no cover
        import ctypes  # noqa: PLC0415 only here

        if ctypes.windll.kernel32.GetDriveTypeW(f"{path.drive}\\") == _REMOTE_DRIVE:
            yield f"drive {path.drive}"
    elif _MOUNTS.is_file():
        kind = find_mount_type(path.resolve(), _MOUNTS.read_text("utf-8", "surrogateescape"))
        if kind in _NETWORK_TYPES:
            yield kind


def find_mount_type(path: PurePath, mounts: str) -> str:
    """Return the type of the file system a path is on, by the text of /proc/mounts; "" if it does not say.

    A whole system on 9p is a container's own disk, so "" for that.
    """
    best, kind = -1, ""
    for line in mounts.splitlines():
        _, point, this, *_ = line.split(" ")
        folder = PurePath(_unescape(point))
        # The last of several on one folder is the one to be seen.
        if path.is_relative_to(folder) and len(folder.parts) >= best:
            best, kind = len(folder.parts), "" if this == "9p" and len(folder.parts) == 1 else this
    return kind


def _unescape(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)


def _find_clouds(path: Path, environment: Mapping[str, str]) -> Iterator[str]:
    for each in {path, path.resolve()}:
        for part in each.parts[:-1]:
            plain = re.sub(r"[\W_]", "", part.casefold())
            yield from (cloud for name, cloud in _CLOUD_NAMES.items() if plain.startswith(name))
        for folder in each.parents:
            yield from (cloud for mark, cloud in _CLOUD_MARKS.items() if (folder / mark).exists())
        for variable, cloud in _CLOUD_VARIABLES.items():
            if environment.get(variable) and each.is_relative_to(environment[variable]):
                yield cloud
