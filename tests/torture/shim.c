/* A library to preload: it counts the calls of one process that change files under SHIM_ROOT, and at call SHIM_AT makes
 * the power go out or the disk refuse.
 *
 * SHIM_COUNT gets the number of calls, unless the process is killed.
 * SHIM_MODE  count    nothing else
 *            kill     SIGKILL, before the call is done
 *            power    the same, and what was not fsynced is lost: written bytes are cut off, a rename or a new name that
 *                     no fsync of its folder followed is taken back
 *            errno    the call fails with SHIM_ERRNO, and so does every one after it that would write (a full disk)
 *            once     only this call fails
 *
 * Linux, cc -shared -fPIC -o shim.so shim.c -ldl
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { COUNT, KILL, POWER, ERRNO, ONCE };
enum { FILES = 4096 };

struct file { dev_t dev; ino_t ino; off_t safe; char path[PATH_MAX]; int dirty; };
struct renamed { char from[PATH_MAX], to[PATH_MAX], backup[PATH_MAX + 64]; int had; };

static char root[PATH_MAX];
static int mode = -1, at, failure;
static long calls;
static struct file *files;
static int nfiles;
static struct renamed *moves;
static int nmoves;
static pthread_mutex_t lock = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

__attribute__((constructor)) static void begin(void) {
    const char *r = getenv("SHIM_ROOT"), *m = getenv("SHIM_MODE");
    if (!r || !m || !realpath(r, root)) return;
    at = atoi(getenv("SHIM_AT") ? getenv("SHIM_AT") : "0");
    failure = atoi(getenv("SHIM_ERRNO") ? getenv("SHIM_ERRNO") : "28");
    mode = !strcmp(m, "kill") ? KILL : !strcmp(m, "power") ? POWER : !strcmp(m, "errno") ? ERRNO : !strcmp(m, "once") ? ONCE : COUNT;
    files = calloc(FILES, sizeof *files);
    moves = calloc(FILES, sizeof *moves);
    unsetenv("LD_PRELOAD");  /* this process alone: its workers do not write */
    unsetenv("SHIM_MODE");
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("SHIM_COUNT");
    if (mode < 0 || !path) return;
    FILE *out = fopen(path, "w");
    if (out) { fprintf(out, "%ld\n", calls); fclose(out); }
}

static int ours(const char *path) { return !strncmp(path, root, strlen(root)); }

static int path_of(int fd, char *path, struct stat *st) {
    char link[64];
    if (mode < 0 || fstat(fd, st)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(link, path, PATH_MAX - 1);
    if (n <= 0) return 0;
    path[n] = 0;
    return ours(path);
}

static void absolute(const char *path, char *out) {
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
    if (!realpath(folder, out)) { out[0] = 0; return; }
    size_t n = strlen(out);
    snprintf(out + n, PATH_MAX - n, "/%s", slash ? slash + 1 : path);
}

static void lights_out(void) {
    for (int i = nmoves - 1; i >= 0; i--) {  /* the folder never heard of these */
        REAL(rename)(moves[i].to, moves[i].from);
        if (moves[i].had) REAL(rename)(moves[i].backup, moves[i].to);
        for (int f = 0; f < nfiles; f++)
            if (!strcmp(files[f].path, moves[i].to)) strcpy(files[f].path, moves[i].from);
    }
    for (int f = 0; f < nfiles; f++)
        if (files[f].dirty && truncate(files[f].path, files[f].safe)) { /* gone: nothing to lose */ }
}

/* 0: go on; else the call must fail with errno set. */
static int step(void) {
    calls++;
    if (mode == COUNT || !at || calls < at) return 0;
    if (mode == KILL || mode == POWER) {
        if (mode == POWER) lights_out();
        kill(getpid(), SIGKILL);
        pause();
    }
    if (mode == ONCE && calls > at) return 0;
    errno = failure;
    return -1;
}

static struct file *known(struct stat *st, const char *path) {
    for (int i = 0; i < nfiles; i++)
        if (files[i].dev == st->st_dev && files[i].ino == st->st_ino && files[i].path[0]) return &files[i];
    if (nfiles == FILES) return NULL;
    struct file *f = &files[nfiles++];
    f->dev = st->st_dev; f->ino = st->st_ino; f->safe = st->st_size;
    strcpy(f->path, path);
    return f;
}

static int before_write(int fd) {
    char path[PATH_MAX];
    struct stat st;
    if (!path_of(fd, path, &st) || !S_ISREG(st.st_mode)) return 0;
    pthread_mutex_lock(&lock);
    struct file *f = known(&st, path);
    int verdict = step();
    if (!verdict && f) f->dirty = 1;
    pthread_mutex_unlock(&lock);
    return verdict;
}

ssize_t write(int fd, const void *data, size_t n) { return before_write(fd) ? -1 : REAL(write)(fd, data, n); }
ssize_t writev(int fd, const struct iovec *v, int n) { return before_write(fd) ? -1 : REAL(writev)(fd, v, n); }
ssize_t pwrite(int fd, const void *data, size_t n, off_t o) { return before_write(fd) ? -1 : REAL(pwrite)(fd, data, n, o); }
ssize_t pwrite64(int fd, const void *data, size_t n, off64_t o) { return before_write(fd) ? -1 : REAL(pwrite64)(fd, data, n, o); }

static int synced(int fd, int (*real)(int)) {
    char path[PATH_MAX];
    struct stat st;
    if (!path_of(fd, path, &st)) return real(fd);
    pthread_mutex_lock(&lock);
    int verdict = step();
    if (!verdict && S_ISREG(st.st_mode)) {
        struct file *f = known(&st, path);
        if (f) { f->safe = st.st_size; f->dirty = 0; }
    }
    if (!verdict && S_ISDIR(st.st_mode)) {
        int kept = 0;
        for (int i = 0; i < nmoves; i++) {
            char folder[PATH_MAX];
            strcpy(folder, moves[i].to);
            *strrchr(folder, '/') = 0;
            if (!strcmp(folder, path)) { if (moves[i].had) unlink(moves[i].backup); }
            else moves[kept++] = moves[i];
        }
        nmoves = kept;
    }
    pthread_mutex_unlock(&lock);
    return verdict ? -1 : real(fd);
}

int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

static int moved(const char *from, const char *to, int (*go)(const char *, const char *)) {
    char a[PATH_MAX], b[PATH_MAX];
    if (mode < 0) return go(from, to);
    absolute(from, a);
    absolute(to, b);
    if (!ours(b)) return go(from, to);
    pthread_mutex_lock(&lock);
    int verdict = step();
    if (!verdict && mode == POWER && nmoves < FILES) {
        struct renamed *m = &moves[nmoves++];
        strcpy(m->from, a);
        strcpy(m->to, b);
        snprintf(m->backup, sizeof m->backup, "%s/../shim-%d-%d", root, getpid(), nmoves);
        m->had = !link(b, m->backup);
    }
    if (!verdict)
        for (int f = 0; f < nfiles; f++) {
            if (!strcmp(files[f].path, b)) files[f].path[0] = 0;  /* replaced: no name any more */
            if (!strcmp(files[f].path, a)) strcpy(files[f].path, b);
        }
    pthread_mutex_unlock(&lock);
    return verdict ? -1 : go(from, to);
}

int rename(const char *from, const char *to) { return moved(from, to, REAL(rename)); }

int unlink(const char *path) {
    char a[PATH_MAX];
    if (mode >= 0) {
        absolute(path, a);
        if (ours(a)) {
            pthread_mutex_lock(&lock);
            int stopped = (mode == KILL || mode == POWER) ? step() : 0;  /* a full disk lets one delete */
            for (int f = 0; f < nfiles; f++)
                if (!strcmp(files[f].path, a)) files[f].path[0] = 0;
            pthread_mutex_unlock(&lock);
            if (stopped) return -1;
        }
    }
    return REAL(unlink)(path);
}
