/*
 * A disk whose power can be cut: preloaded into a process, it copies a file below $PC_SRC to the same place below $PC_DST
 * each time the process has made it durable (fsync, fdatasync), and removes the copy when the file is removed. After the
 * process was killed, $PC_DST holds what a disk would hold: nothing that was only in the page cache.
 * With PC_SKIP_WAL set, syncs of *-wal files do not count, which is just what SQLite's synchronous=NORMAL leaves out.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *below_source(const char *path) {
  const char *source = getenv("PC_SRC");
  size_t length = source ? strlen(source) : 0;
  return length && !strncmp(path, source, length) && path[length] == '/' ? path + length : NULL;
}

static void keep(int fd) {
  char link[64], path[4096], to[4200], part[4210], buffer[65536];
  struct stat stats;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0 || fstat(fd, &stats) || !S_ISREG(stats.st_mode)) return;
  path[length] = 0;
  const char *name = below_source(path);
  if (!name || (getenv("PC_SKIP_WAL") && length > 4 && !strcmp(path + length - 4, "-wal"))) return;
  snprintf(to, sizeof to, "%s%s", getenv("PC_DST"), name);
  snprintf(part, sizeof part, "%s.part", to);
  int in = open(path, O_RDONLY), out = open(part, O_WRONLY | O_CREAT | O_TRUNC, stats.st_mode & 0777);
  ssize_t got = -1;
  while (in >= 0 && out >= 0 && (got = read(in, buffer, sizeof buffer)) > 0 && write(out, buffer, got) == got);
  close(in), close(out);
  if (got == 0) rename(part, to); /* whole or not at all: the process may be killed here */
}

static int synced(const char *name, int fd) {
  int result = ((int (*)(int))dlsym(RTLD_NEXT, name))(fd);
  if (result == 0) keep(fd);
  return result;
}

int fsync(int fd) { return synced("fsync", fd); }
int fdatasync(int fd) { return synced("fdatasync", fd); }

int unlink(const char *path) {
  char to[4200];
  const char *name = below_source(path);
  if (name && snprintf(to, sizeof to, "%s%s", getenv("PC_DST"), name) > 0) remove(to);
  return ((int (*)(const char *))dlsym(RTLD_NEXT, "unlink"))(path);
}
