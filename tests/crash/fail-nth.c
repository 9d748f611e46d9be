// A stand-in for a failing disk, loaded with LD_PRELOAD by tests only: lets the n-th call that changes a file of a history fail.
// The words of the shared page LATCHKEY_FAULT_PAGE: [0] calls seen, [1] the one to fail (0: none), [2] errno.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static volatile int32_t *words;

__attribute__((constructor)) static void open_page(void) {
  const char *name = getenv("LATCHKEY_FAULT_PAGE");
  int fd = name == NULL ? -1 : open(name, O_RDWR);
  if (fd < 0) return;
  void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (page != MAP_FAILED) words = page;
  close(fd);
}

static int is_ours(const char *path) {
  // The index of the log (-shm) is memory, not disk.
  return path != NULL && strstr(path, "/fault-lab/") != NULL && strstr(path, "-shm") == NULL;
}

static int fails(const char *path) {
  if (words == NULL || !is_ours(path)) return 0;
  words[0] += 1;
  if (words[1] == 0 || words[0] != words[1]) return 0;
  errno = words[2];
  return 1;
}

static int fd_fails(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return fails(path);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *data, size_t size) { return fd_fails(fd) ? -1 : REAL(write)(fd, data, size); }
ssize_t pwrite(int fd, const void *data, size_t size, off_t at) { return fd_fails(fd) ? -1 : REAL(pwrite)(fd, data, size, at); }
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t at) { return fd_fails(fd) ? -1 : REAL(pwrite64)(fd, data, size, at); }
int ftruncate(int fd, off_t size) { return fd_fails(fd) ? -1 : REAL(ftruncate)(fd, size); }
int ftruncate64(int fd, off64_t size) { return fd_fails(fd) ? -1 : REAL(ftruncate64)(fd, size); }
int fsync(int fd) { return fd_fails(fd) ? -1 : REAL(fsync)(fd); }
int fdatasync(int fd) { return fd_fails(fd) ? -1 : REAL(fdatasync)(fd); }
int rename(const char *from, const char *to) { return fails(from) ? -1 : REAL(rename)(from, to); }
int unlink(const char *path) { return fails(path) ? -1 : REAL(unlink)(path); }
