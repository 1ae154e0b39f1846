// Fails one system call on a file below a folder, for tests: cc -shared -fPIC -O2 -o shim.so shim.c -ldl
// FAULT_ROOTS: folders, separated by colons; FAULT_CALL: which call; FAULT_AT: which one of them, from 1, over all processes; FAULT_ERRNO: its error; FAULT_STATE: a file with the
// counters, shared by all processes; FAULT_LOG: where the call that failed is written to.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OPEN, READ, WRITE, FSYNC, RENAME, CLOSE, TRUNCATE, MKDIR, UNLINK, LINK, CALLS };
static const char *names[CALLS] = { "open", "read", "write", "fsync", "rename", "close", "truncate", "mkdir", "unlink", "link" };
static atomic_long *counters;
static const char *roots;
static int wanted = -1, error_number, log_file = -1;
static long at;

__attribute__((constructor)) static void start(void) {
  const char *state = getenv("FAULT_STATE"), *call = getenv("FAULT_CALL"), *log = getenv("FAULT_LOG");
  roots = getenv("FAULT_ROOTS");
  if (!state || !roots) return;
  int file = syscall(SYS_openat, AT_FDCWD, state, O_RDWR | O_CLOEXEC);
  if (file < 0) return;
  void *memory = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  syscall(SYS_close, file);
  if (memory == MAP_FAILED) return;
  for (int i = 0; call && i < CALLS; i++) if (!strcmp(call, names[i])) wanted = i;
  at = atol(getenv("FAULT_AT") ? getenv("FAULT_AT") : "0");
  error_number = atoi(getenv("FAULT_ERRNO") ? getenv("FAULT_ERRNO") : "5");
  if (log) log_file = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CLOEXEC);
  counters = memory;
}

// Counts a call and says whether it is the one that fails.
static int fails(int call, const char *path) {
  if (!counters || !path || path[0] != '/') return 0;
  int below = 0;
  for (const char *root = roots; *root && !below;) {
    size_t length = strcspn(root, ":");
    below = length && !strncmp(path, root, length) && (path[length] == '/' || !path[length]);
    root += length + (root[length] == ':');
  }
  if (!below) return 0;
  long count = atomic_fetch_add(&counters[call], 1) + 1;
  if (call != wanted || count != at) return 0;
  char line[PATH_MAX + 32];
  int length = snprintf(line, sizeof line, "%s %s\n", names[call], path);
  if (log_file >= 0) syscall(SYS_write, log_file, line, length);
  errno = error_number;
  return 1;
}

static int fails_file(int call, int file) {
  if (!counters) return 0;
  char link[40], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  int kept = errno;
  long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
  errno = kept;
  if (length <= 0) return 0;
  path[length] = 0;
  return fails(call, path);
}

#define REAL(name) ({ static __typeof__(&name) real; if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name); real; })
#define OPENING(name) \
  int name(const char *path, int flags, ...) { \
    va_list list; va_start(list, flags); mode_t mode = va_arg(list, int); va_end(list); \
    return fails(OPEN, path) ? -1 : REAL(name)(path, flags, mode); \
  }
#define OPENING_AT(name) \
  int name(int folder, const char *path, int flags, ...) { \
    va_list list; va_start(list, flags); mode_t mode = va_arg(list, int); va_end(list); \
    return fails(OPEN, path) ? -1 : REAL(name)(folder, path, flags, mode); \
  }
OPENING(open) OPENING(open64) OPENING_AT(openat) OPENING_AT(openat64)
ssize_t read(int file, void *to, size_t count) { return fails_file(READ, file) ? -1 : REAL(read)(file, to, count); }
ssize_t pread(int file, void *to, size_t count, off_t from) { return fails_file(READ, file) ? -1 : REAL(pread)(file, to, count, from); }
ssize_t pread64(int file, void *to, size_t count, off64_t from) { return fails_file(READ, file) ? -1 : REAL(pread64)(file, to, count, from); }
ssize_t write(int file, const void *from, size_t count) { return fails_file(WRITE, file) ? -1 : REAL(write)(file, from, count); }
ssize_t pwrite(int file, const void *from, size_t count, off_t to) { return fails_file(WRITE, file) ? -1 : REAL(pwrite)(file, from, count, to); }
ssize_t pwrite64(int file, const void *from, size_t count, off64_t to) { return fails_file(WRITE, file) ? -1 : REAL(pwrite64)(file, from, count, to); }
ssize_t pwritev(int file, const struct iovec *from, int count, off_t to) { return fails_file(WRITE, file) ? -1 : REAL(pwritev)(file, from, count, to); }
ssize_t pwritev64(int file, const struct iovec *from, int count, off64_t to) { return fails_file(WRITE, file) ? -1 : REAL(pwritev64)(file, from, count, to); }
int fsync(int file) { return fails_file(FSYNC, file) ? -1 : REAL(fsync)(file); }
int fdatasync(int file) { return fails_file(FSYNC, file) ? -1 : REAL(fdatasync)(file); }
int rename(const char *from, const char *to) { return fails(RENAME, to) ? -1 : REAL(rename)(from, to); }
int renameat(int a, const char *from, int b, const char *to) { return fails(RENAME, to) ? -1 : REAL(renameat)(a, from, b, to); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) { return fails(RENAME, to) ? -1 : REAL(renameat2)(a, from, b, to, flags); }
int link(const char *from, const char *to) { return fails(LINK, to) ? -1 : REAL(link)(from, to); }
int ftruncate(int file, off_t length) { return fails_file(TRUNCATE, file) ? -1 : REAL(ftruncate)(file, length); }
int ftruncate64(int file, off64_t length) { return fails_file(TRUNCATE, file) ? -1 : REAL(ftruncate64)(file, length); }
int mkdir(const char *path, mode_t mode) { return fails(MKDIR, path) ? -1 : REAL(mkdir)(path, mode); }
int unlink(const char *path) { return fails(UNLINK, path) ? -1 : REAL(unlink)(path); }
// The file is closed nevertheless, as Linux does it.
int close(int file) {
  int failed = fails_file(CLOSE, file), result = REAL(close)(file);
  if (!failed) return result;
  errno = error_number;
  return -1;
}
