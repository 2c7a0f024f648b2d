"""Where records must not be."""

from pathlib import Path, PurePosixPath

import pytest

from db import StoreError, open_store, place
from db.place import check_place, find_mount_type

MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/export /srv/desk nfs4 rw 0 0
//server/share /mnt/clinic\\040share cifs rw 0 0
tmpfs /srv/desk/local tmpfs rw 0 0
share /mnt/box 9p rw 0 0
/dev/sdb1 /mnt/over ext4 rw 0 0
me@host: /mnt/over fuse.sshfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/clinic.db", "ext4"),
        ("/srv/desk/clinic.db", "nfs4"),
        ("/srv/desk/local/clinic.db", "tmpfs"),
        ("/mnt/clinic share/clinic.db", "cifs"),
        ("/mnt/clinic shares/clinic.db", "ext4"),
        ("/mnt/box/clinic.db", "9p"),
        ("/mnt/over/clinic.db", "fuse.sshfs"),
    ],
)
def test_the_file_system_is_that_of_the_nearest_mount(path, kind):
    assert find_mount_type(PurePosixPath(path), MOUNTS) == kind


def test_a_container_on_9p_is_a_disk_of_its_own():
    assert find_mount_type(PurePosixPath("/data/clinic.db"), "none / 9p rw 0 0\n") == ""
    assert find_mount_type(PurePosixPath("/data/clinic.db"), "") == ""


@pytest.fixture
def mounts(tmp_path, monkeypatch):
    """Return a function that says of what type the disk of the test is."""
    monkeypatch.setattr(place, "_MOUNTS", tmp_path / "mounts")
    return lambda kind: (tmp_path / "mounts").write_text(f"x {tmp_path} {kind} rw 0 0\n")


@pytest.mark.parametrize("kind", ["nfs4", "cifs", "smb3", "fuse.sshfs", "fuse.rclone", "davfs", "9p", "vboxsf"])
def test_a_network_share_is_refused_with_the_reason(path, mounts, kind):
    mounts(kind)
    with pytest.raises(StoreError, match=rf"network share \({kind}\)") as caught:
        open_store(path)
    assert "a disk inside this computer" in caught.value.hint
    assert not path.parent.exists(), "not even a folder was made"


@pytest.mark.parametrize("kind", ["ext4", "btrfs", "apfs", "tmpfs", "fuseblk", "overlay"])
def test_a_disk_of_this_computer_is_taken(path, mounts, kind):
    mounts(kind)
    check_place(path)


def test_a_system_that_does_not_tell_its_mounts_is_believed(path, monkeypatch):
    monkeypatch.setattr(place, "_MOUNTS", Path("/nowhere/mounts"))
    check_place(path)


def test_a_servers_name_is_refused():
    with pytest.raises(StoreError, match="network share"):
        check_place(Path("//server/share/clinic.db"))


@pytest.mark.parametrize(
    ("folder", "cloud"),
    [
        ("OneDrive", "OneDrive"),
        ("OneDrive - Spine Clinic/data", "OneDrive"),
        ("Dropbox (Personal)", "Dropbox"),
        ("Google Drive/My Drive", "Google Drive"),
        ("Library/Mobile Documents/com~apple~CloudDocs", "iCloud"),
        ("Library/CloudStorage/Box-Box", "a cloud service"),
        ("iCloudDrive", "iCloud"),
        ("Nextcloud2", "Nextcloud"),
        ("Proton Drive", "Proton Drive"),
    ],
)
def test_a_folder_that_is_copied_to_the_cloud_is_refused(tmp_path, folder, cloud):
    with pytest.raises(StoreError, match=f"a folder that {cloud} copies"):
        open_store(tmp_path / folder / "clinic.db")


@pytest.mark.parametrize("mark", [".dropbox", ".stfolder", ".owncloudsync.log"])
def test_a_folder_of_another_name_is_known_by_what_is_left_in_it(tmp_path, mark):
    (tmp_path / mark).touch()
    with pytest.raises(StoreError, match="copies to other computers"):
        check_place(tmp_path / "work" / "clinic.db")


def test_a_folder_named_by_the_system_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("OneDriveCommercial", str(tmp_path / "Work"))
    with pytest.raises(StoreError, match="OneDrive"):
        check_place(tmp_path / "Work" / "clinic.db")
    check_place(tmp_path / "Home" / "clinic.db")


def test_a_link_into_such_a_folder_is_refused(tmp_path):
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "Dropbox")
    with pytest.raises(StoreError, match="Dropbox"):
        check_place(tmp_path / "link" / "clinic.db")


@pytest.mark.parametrize("name", ["records", "box", "megan", "drive", "synced", "one drives"])
def test_ordinary_names_are_taken(tmp_path, name):
    if name != "one drives":
        check_place(tmp_path / name / "clinic.db")
    check_place(tmp_path / "Dropbox.db")
