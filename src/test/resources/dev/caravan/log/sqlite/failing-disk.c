/*
 * A disk under log.db and log.db-wal, for LD_PRELOAD. What is on it is kept in a second directory: pages get there when
 * their file is flushed, and not before. One flush of log.db fails; as with Linux, the pages it was to write are then no
 * longer known to be unwritten, so that a later flush that succeeds does not write them either.
 *
 * DISK_SHADOW: that directory.  DISK_FAILS: which flush of log.db fails, counted from 1.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096
#define PAGES (1 << 16)

static const char *names[] = {"/log.db", "/log.db-wal"};
static unsigned char unwritten[2][PAGES];
static int flushes;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static int file_of(const char *path) {
  for (int file = 0; file < 2; file++) {
    size_t length = strlen(path), suffix = strlen(names[file]);
    if (length > suffix && strcmp(path + length - suffix, names[file]) == 0) return file;
  }
  return -1;
}

static int file_at(int fd) {
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return -1;
  path[length] = 0;
  return file_of(path);
}

static void wrote(int file, off_t offset, ssize_t length) {
  if (length <= 0) return;
  pthread_mutex_lock(&lock);
  for (off_t page = offset / PAGE; page <= (offset + length - 1) / PAGE && page < PAGES; page++) unwritten[file][page] = 1;
  pthread_mutex_unlock(&lock);
}

static void keep(int file, int fd) {
  char path[4096], page[PAGE];
  struct stat now;
  snprintf(path, sizeof path, "%s%s", getenv("DISK_SHADOW"), names[file]);
  int shadow = open(path, O_RDWR | O_CREAT, 0600);
  fstat(fd, &now);
  ssize_t (*real)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");
  for (int at = 0; at < PAGES; at++) {
    if (unwritten[file][at]) {
      ssize_t length = pread(fd, page, PAGE, (off_t)at * PAGE);
      if (length > 0) real(shadow, page, length, (off_t)at * PAGE);
      unwritten[file][at] = 0;
    }
  }
  if (truncate(path, now.st_size) != 0) abort();
  close(shadow);
}

static int flush(int fd, const char *call) {
  int file = file_at(fd);
  if (file >= 0) {
    pthread_mutex_lock(&lock);
    int fails = file == 0 && ++flushes == atoi(getenv("DISK_FAILS"));
    if (fails) {
      memset(unwritten[file], 0, PAGES);
    } else {
      keep(file, fd);
    }
    pthread_mutex_unlock(&lock);
    if (fails) {
      errno = EIO;
      return -1;
    }
  }
  int (*real)(int) = dlsym(RTLD_NEXT, call);
  return real(fd);
}

int fsync(int fd) { return flush(fd, "fsync"); }

int fdatasync(int fd) { return flush(fd, "fdatasync"); }

ssize_t write(int fd, const void *bytes, size_t length) {
  ssize_t (*real)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
  int file = file_at(fd);
  off_t offset = file < 0 ? 0 : lseek(fd, 0, SEEK_CUR);
  ssize_t done = real(fd, bytes, length);
  if (file >= 0) wrote(file, offset, done);
  return done;
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  ssize_t (*real)(int, const void *, size_t, off64_t) = dlsym(RTLD_NEXT, "pwrite64");
  ssize_t done = real(fd, bytes, length, offset);
  int file = file_at(fd);
  if (file >= 0) wrote(file, offset, done);
  return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) { return pwrite64(fd, bytes, length, offset); }

int rename(const char *from, const char *to) {
  int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
  int result = real(from, to);
  int file = file_of(to);
  if (result == 0 && file >= 0) { /* whoever moves it into its place has flushed it */
    int fd = open(to, O_RDONLY);
    pthread_mutex_lock(&lock);
    memset(unwritten[file], 1, PAGES);
    keep(file, fd);
    pthread_mutex_unlock(&lock);
    close(fd);
  }
  return result;
}
