/* Lets the disk fail, for the tests: after faults_arm() the n-th change to a file whose path holds `match` fails.
 *
 * Modes: count  nothing fails              kill   the process ends before the n-th step, whatever it is
 *        torn   half a write, then the end short  half a write, told truthfully, once
 *        eio    the n-th step fails        enospc from the n-th write on every write fails
 *        fsync  the n-th fsync fails
 * Loaded with LD_PRELOAD. faults_count() tells how many steps there were.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/types.h>
#include <unistd.h>

enum kind { WRITE, CUT, SYNC, NAME };

static char match[1024], mode[16];
static long at = 0, steps = 0;

void faults_arm(const char *match_, const char *mode_, long at_)
{
	snprintf(match, sizeof match, "%s", match_);
	snprintf(mode, sizeof mode, "%s", mode_);
	at = at_;
	steps = 0;
}

long faults_count(void) { return steps; }

static int is(const char *name) { return strcmp(mode, name) == 0; }

static int path_matches(const char *path) { return match[0] && strstr(path, match) && !strstr(path, "-shm"); }

static int file_matches(int fd)
{
	char link[64], path[4096];
	if (!match[0])
		return 0;
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	ssize_t length = readlink(link, path, sizeof path - 1);
	if (length < 0)
		return 0;
	path[length] = 0;
	return path_matches(path);
}

/* Count a step and return whether it is to fail: 0, or what errno says then; -1 asks for half a write. */
static int fail(enum kind kind)
{
	if ((is("torn") || is("short") || is("enospc")) && kind != WRITE)
		return 0;
	if (is("fsync") && kind != SYNC)
		return 0;
	steps++;
	if (is("enospc"))
		return steps >= at ? ENOSPC : 0;
	if (steps != at || is("count"))
		return 0;
	if (is("kill"))
		kill(getpid(), SIGKILL);
	return is("torn") || is("short") ? -1 : EIO;
}

#define REAL(result, name, ...)                                                                                        \
	static result (*real)(__VA_ARGS__) = 0;                                                                        \
	if (!real)                                                                                                     \
		real = (result(*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name);

#define DECIDE(applies, kind, half)                                                                                    \
	if (applies) {                                                                                                 \
		int error = fail(kind);                                                                                \
		if (error > 0) {                                                                                       \
			errno = error;                                                                                 \
			return -1;                                                                                     \
		}                                                                                                      \
		if (error < 0) {                                                                                       \
			ssize_t done = half;                                                                           \
			if (is("torn"))                                                                                \
				kill(getpid(), SIGKILL);                                                               \
			return done;                                                                                   \
		}                                                                                                      \
	}

#define HALF(count) ((count) > 1 ? (count) / 2 : (count))

ssize_t write(int fd, const void *data, size_t count)
{
	REAL(ssize_t, write, int, const void *, size_t)
	DECIDE(file_matches(fd), WRITE, real(fd, data, HALF(count)))
	return real(fd, data, count);
}

ssize_t pwrite(int fd, const void *data, size_t count, off_t offset)
{
	REAL(ssize_t, pwrite, int, const void *, size_t, off_t)
	DECIDE(file_matches(fd), WRITE, real(fd, data, HALF(count), offset))
	return real(fd, data, count, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t count, off64_t offset)
{
	REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t)
	DECIDE(file_matches(fd), WRITE, real(fd, data, HALF(count), offset))
	return real(fd, data, count, offset);
}

/* How Python copies whole files. */
ssize_t sendfile64(int to, int from, off64_t *offset, size_t count)
{
	REAL(ssize_t, sendfile64, int, int, off64_t *, size_t)
	DECIDE(file_matches(to), WRITE, real(to, from, offset, HALF(count)))
	return real(to, from, offset, count);
}

ssize_t sendfile(int to, int from, off_t *offset, size_t count)
{
	return sendfile64(to, from, (off64_t *)offset, count);
}

ssize_t copy_file_range(int from, off64_t *from_at, int to, off64_t *to_at, size_t count, unsigned flags)
{
	REAL(ssize_t, copy_file_range, int, off64_t *, int, off64_t *, size_t, unsigned)
	DECIDE(file_matches(to), WRITE, real(from, from_at, to, to_at, HALF(count), flags))
	return real(from, from_at, to, to_at, count, flags);
}

int ftruncate64(int fd, off64_t length)
{
	REAL(int, ftruncate64, int, off64_t)
	DECIDE(file_matches(fd), CUT, 0)
	return real(fd, length);
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }

int fsync(int fd)
{
	REAL(int, fsync, int)
	DECIDE(file_matches(fd), SYNC, 0)
	return real(fd);
}

int fdatasync(int fd)
{
	REAL(int, fdatasync, int)
	DECIDE(file_matches(fd), SYNC, 0)
	return real(fd);
}

int rename(const char *from, const char *to)
{
	REAL(int, rename, const char *, const char *)
	DECIDE(path_matches(to), NAME, 0)
	return real(from, to);
}

int unlink(const char *path)
{
	REAL(int, unlink, const char *)
	DECIDE(path_matches(path), NAME, 0)
	return real(path);
}
