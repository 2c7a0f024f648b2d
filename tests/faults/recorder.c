/* Records what a process does to the files of one folder, for the tests that cut the power. Loaded with LD_PRELOAD.
 *
 * RECORD_FOLDER names the folder, RECORD_LOG the record. Each entry: operation (1 byte), inode (8), offset (8), lengths
 * of path and data (4 each), path, data. W write, T truncate, S fsync of a file or folder, C a new name, R rename (data:
 * the new path), U unlink, A written to standard output. Shared memory (-shm) is left out: a restart never reads it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#define REAL(result, name, ...)                                                                                        \
	static result (*real)(__VA_ARGS__) = 0;                                                                        \
	if (!real)                                                                                                     \
		real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name);

static int is_ours(const char *path)
{
	const char *folder = getenv("RECORD_FOLDER");
	size_t length = folder ? strlen(folder) : 0;
	if (!folder || !path || strncmp(path, folder, length) != 0 || strstr(path, "-shm"))
		return 0;
	return path[length] == '/' || path[length] == 0;
}

static int file_is_ours(int fd)
{
	char link[64], path[4096];
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link, path, sizeof path - 1);
	if (length < 0)
		return 0;
	path[length] = 0;
	return is_ours(path);
}

static void record(char operation, uint64_t inode, int64_t offset, const char *path, const void *data, uint32_t size)
{
	static ssize_t (*real_write)(int, const void *, size_t) = 0;
	static int log = -1;
	if (log < 0) {
		int (*real_open)(const char *, int, ...) = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
		real_write = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
		log = real_open(getenv("RECORD_LOG"), O_CREAT | O_APPEND | O_WRONLY | O_CLOEXEC, 0600);
	}
	uint32_t length = (uint32_t)strlen(path);
	size_t whole = 25 + length + size;
	char *entry = malloc(whole);
	entry[0] = operation;
	memcpy(entry + 1, &inode, 8);
	memcpy(entry + 9, &offset, 8);
	memcpy(entry + 17, &length, 4);
	memcpy(entry + 21, &size, 4);
	memcpy(entry + 25, path, length);
	if (size)
		memcpy(entry + 25 + length, data, size);
	if (real_write(log, entry, whole) != (ssize_t)whole)
		abort();
	free(entry);
}

static uint64_t inode_of(int fd)
{
	struct stat about;
	return fstat(fd, &about) == 0 ? about.st_ino : 0;
}

static int record_new(int fd, const char *path, int was_there)
{
	if (fd >= 0 && !was_there && is_ours(path))
		record('C', inode_of(fd), 0, path, 0, 0);
	return fd;
}

#define OPEN(name)                                                                                                     \
	int name(const char *path, int flags, ...)                                                                     \
	{                                                                                                              \
		va_list more;                                                                                          \
		va_start(more, flags);                                                                                 \
		mode_t mode = flags & O_CREAT ? va_arg(more, mode_t) : 0;                                              \
		va_end(more);                                                                                          \
		REAL(int, name, const char *, int, ...)                                                                \
		int was_there = access(path, F_OK) == 0;                                                               \
		return record_new(real(path, flags, mode), path, was_there);                                           \
	}
OPEN(open)
OPEN(open64)

ssize_t write(int fd, const void *data, size_t count)
{
	REAL(ssize_t, write, int, const void *, size_t)
	int64_t offset = lseek(fd, 0, SEEK_CUR);
	ssize_t done = real(fd, data, count);
	if (done > 0 && fd == 1)
		record('A', 0, 0, "", data, (uint32_t)done);
	else if (done > 0 && file_is_ours(fd))
		record('W', inode_of(fd), offset, "", data, (uint32_t)done);
	return done;
}

#define PWRITE(name, offset_type)                                                                                      \
	ssize_t name(int fd, const void *data, size_t count, offset_type offset)                                       \
	{                                                                                                              \
		REAL(ssize_t, name, int, const void *, size_t, offset_type)                                            \
		ssize_t done = real(fd, data, count, offset);                                                          \
		if (done > 0 && file_is_ours(fd))                                                                      \
			record('W', inode_of(fd), offset, "", data, (uint32_t)done);                                   \
		return done;                                                                                           \
	}
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

int ftruncate64(int fd, off64_t length)
{
	REAL(int, ftruncate64, int, off64_t)
	int done = real(fd, length);
	if (done == 0 && file_is_ours(fd))
		record('T', inode_of(fd), length, "", 0, 0);
	return done;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

#define SYNC(name)                                                                                                     \
	int name(int fd)                                                                                               \
	{                                                                                                              \
		REAL(int, name, int)                                                                                   \
		int done = real(fd);                                                                                   \
		if (done == 0 && file_is_ours(fd))                                                                     \
			record('S', inode_of(fd), 0, "", 0, 0);                                                        \
		return done;                                                                                           \
	}
SYNC(fsync)
SYNC(fdatasync)

int rename(const char *from, const char *to)
{
	REAL(int, rename, const char *, const char *)
	int done = real(from, to);
	if (done == 0 && is_ours(to))
		record('R', 0, 0, from, to, (uint32_t)strlen(to));
	return done;
}

int unlink(const char *path)
{
	REAL(int, unlink, const char *)
	int done = real(path);
	if (done == 0 && is_ours(path))
		record('U', 0, 0, path, 0, 0);
	return done;
}
