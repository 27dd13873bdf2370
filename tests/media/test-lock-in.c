/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each attempt is made by a child that has locked itself in, and comes back as its errno. */
#include "gan-lock-in.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SUCCEEDED 0
#define NOT_LOCKED 255

static const GanLockInLimits limits = {
  .memory_bytes = G_GUINT64_CONSTANT (1) << 30,
  .file_bytes = 4096,
  .cpu_seconds = 5,
  .descriptors = 16,
};

/* Open before the lock, as everything that the helper may use. */
static int file;
static int connection;

static long
open_file (void)
{
  return open ("/etc/passwd", O_RDONLY);
}

static long
create_file (void)
{
  return open ("/tmp/gannet-lock-in", O_CREAT | O_WRONLY, 0600);
}

#ifdef SYS_open
static long
open_plain (void)
{
  return syscall (SYS_open, "/etc/passwd", O_RDONLY);
}
#endif

static long
open_2 (void)
{
  return syscall (SYS_openat2, AT_FDCWD, "/etc/passwd", NULL, 0);
}

static long
stat_file (void)
{
  struct stat status;

  return stat ("/etc/passwd", &status);
}

static long
remove_file (void)
{
  return unlink ("/tmp/gannet-lock-in");
}

static long
socket_tcp (void)
{
  return socket (AF_INET, SOCK_STREAM, 0);
}

static long
socket_unix (void)
{
  return socket (AF_UNIX, SOCK_STREAM, 0);
}

static long
connect_unix (void)
{
  struct sockaddr_un address = { AF_UNIX, "/tmp/nobody" };

  return connect (connection, (struct sockaddr *) &address, sizeof address);
}

static long
send_descriptor (void)
{
  return sendto (connection, "x", 1, 0, NULL, 0);
}

static long
execute (void)
{
  char *argv[] = { (char *) "true", NULL };

  return execv ("/bin/true", argv);
}

static long
execute_open (void)
{
  return syscall (SYS_execveat, file, "", NULL, NULL, 0x1000);
}

static long
fork_child (void)
{
  long child = fork ();

  if (child == 0)
    _exit (0);
  return child;
}

#ifdef SYS_fork
static long
fork_plain (void)
{
  long child = syscall (SYS_fork);

  if (child == 0)
    _exit (0);
  return child;
}
#endif

static long
start_thread (void)
{
  return syscall (SYS_clone3, NULL, 0);
}

static long
trace (void)
{
  return ptrace (PTRACE_TRACEME, 0, NULL, NULL);
}

static long
read_parent (void)
{
  return syscall (SYS_process_vm_readv, getppid (), NULL, 0, NULL, 0, 0);
}

static long
kill_parent (void)
{
  return kill (1, 0);
}

static long
signal_other (void)
{
  return syscall (SYS_tgkill, 1, 1, 0);
}

static long
ring (void)
{
  return syscall (SYS_io_uring_setup, 1, NULL);
}

static long
mount_folder (void)
{
  return mount ("none", "/mnt", "tmpfs", 0, NULL);
}

static long
load_bpf (void)
{
  return syscall (SYS_bpf, BPF_MAP_CREATE, NULL, 0);
}

static long
new_namespace (void)
{
  return unshare (CLONE_NEWUSER);
}

static long
open_process (void)
{
  return syscall (SYS_pidfd_open, 1, 0);
}

static long
map_code (void)
{
  return mmap (NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
             ? -1
             : 0;
}

static long
make_code (void)
{
  void *page = mmap (NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  return page == MAP_FAILED ? 0 : mprotect (page, 4096, PROT_READ | PROT_EXEC);
}

static long
control_device (void)
{
  return syscall (SYS_ioctl, file, 0, 0);
}

static long
raise_limit (void)
{
  struct rlimit limit = { RLIM_INFINITY, RLIM_INFINITY };

  return setrlimit (RLIMIT_FSIZE, &limit);
}

static long
write_much (void)
{
  signal (SIGXFSZ, SIG_IGN);
  return pwrite (file, "x", 1, 8192);
}

static long
write_little (void)
{
  return pwrite (file, "x", 1, 0);
}

static long
read_back (void)
{
  char byte = 0;

  return pread (file, &byte, 1, 0);
}

static long
take_memory (void)
{
  void *memory = mmap (NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  return memory == MAP_FAILED ? -1 : 0;
}

#ifndef __SANITIZE_ADDRESS__
static long
take_much_memory (void)
{
  void *memory
      = mmap (NULL, (gsize) 2 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  return memory == MAP_FAILED ? -1 : 0;
}
#endif

/* errno, 0 for success. */
static const struct
{
  const char *name;
  long (*attempt) (void);
  int expected;
} attempts[] = {
  { "open", open_file, EPERM },
  { "create", create_file, EPERM },
#ifdef SYS_open
  { "open-plain", open_plain, EPERM },
#endif
  { "openat2", open_2, EPERM },
  { "stat", stat_file, EPERM },
  { "unlink", remove_file, EPERM },
  { "socket-tcp", socket_tcp, EPERM },
  { "socket-unix", socket_unix, EPERM },
  { "connect", connect_unix, EPERM },
  { "sendto", send_descriptor, EPERM },
  { "execve", execute, EPERM },
  { "execveat", execute_open, EPERM },
  { "fork", fork_child, EPERM },
#ifdef SYS_fork
  { "fork-plain", fork_plain, EPERM },
#endif
  { "clone3", start_thread, EPERM },
  { "ptrace", trace, EPERM },
  { "process-vm-readv", read_parent, EPERM },
  { "kill", kill_parent, EPERM },
  { "tgkill", signal_other, EPERM },
  { "io-uring", ring, EPERM },
  { "mount", mount_folder, EPERM },
  { "bpf", load_bpf, EPERM },
  { "unshare", new_namespace, EPERM },
  { "pidfd-open", open_process, EPERM },
  { "mmap-code", map_code, EPERM },
  { "mprotect-code", make_code, EPERM },
  { "ioctl", control_device, EPERM },
  { "setrlimit", raise_limit, EPERM },
  { "write-much", write_much, EFBIG },
#ifndef __SANITIZE_ADDRESS__
  { "take-much-memory", take_much_memory, ENOMEM },
#endif
  { "write-little", write_little, SUCCEEDED },
  { "read", read_back, SUCCEEDED },
  { "take-memory", take_memory, SUCCEEDED },
};

static int
wait_exit (pid_t child)
{
  int status = 0;

  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static int
run_locked_in (long (*attempt) (void))
{
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      GanLockInReport report = { 0 };

      if (!gan_lock_in_apply (&limits, &report, NULL))
        _exit (NOT_LOCKED);
      _exit (attempt () < 0 ? errno : SUCCEEDED);
    }
  return wait_exit (child);
}

static void
test_attempts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (attempts); i++)
    {
      g_test_message ("%s", attempts[i].name);
      g_assert_cmpint (run_locked_in (attempts[i].attempt), ==, attempts[i].expected);
    }
}

/* abort() ends the process as it should: a signal to oneself is no signal to others. */
static long
abort_myself (void)
{
  abort ();
}

static void
test_abort (void)
{
  pid_t child = fork ();
  int status = 0;

  if (child == 0)
    {
      GanLockInReport report = { 0 };

      gan_lock_in_apply (&limits, &report, NULL);
      abort_myself ();
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGABRT);
  g_assert_false (WCOREDUMP (status));
}

/* An endless loop is ended by the limit of computing time. */
static void
test_computing_time (void)
{
  GanLockInLimits short_limits = limits;
  pid_t child = 0;
  int status = 0;

  short_limits.cpu_seconds = 1;
  child = fork ();
  if (child == 0)
    {
      GanLockInReport report = { 0 };
      volatile guint64 n = 0;

      if (!gan_lock_in_apply (&short_limits, &report, NULL))
        _exit (NOT_LOCKED);
      while (TRUE)
        n += 1;
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
}

/* A second thread would stay outside Landlock. */
static gpointer
wait_for_end (gpointer data)
{
  char byte = 0;

  return GINT_TO_POINTER ((int) read (GPOINTER_TO_INT (data), &byte, 1));
}

static void
test_threads (void)
{
  pid_t child = fork ();

  if (child == 0)
    {
      GanLockInReport report = { 0 };
      int pipe_ends[2] = { -1, -1 };
      gboolean locked = FALSE;

      if (pipe (pipe_ends) != 0)
        _exit (NOT_LOCKED);
      g_thread_unref (g_thread_new ("second", wait_for_end, GINT_TO_POINTER (pipe_ends[0])));
      locked = gan_lock_in_apply (&limits, &report, NULL);
      _exit (locked ? 1 : 0);
    }
  g_assert_cmpint (wait_exit (child), ==, 0);
}

/* What a child exits with that locks itself in on a kernel without Landlock. */
static int
run_without_landlock (long (*attempt) (void))
{
  pid_t child = fork ();

  if (child == 0)
    {
      GanLockInReport report = { -1 };
      scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);

      seccomp_rule_add (filter, SCMP_ACT_ERRNO (ENOSYS), SCMP_SYS (landlock_create_ruleset), 0);
      if (seccomp_load (filter) != 0 || !gan_lock_in_apply (&limits, &report, NULL)
          || report.landlock_abi != 0)
        _exit (NOT_LOCKED);
      _exit (attempt () < 0 ? errno : SUCCEEDED);
    }
  return wait_exit (child);
}

static void
test_no_landlock (void)
{
  g_assert_cmpint (run_without_landlock (open_file), ==, EPERM);
  g_assert_cmpint (run_without_landlock (create_file), ==, EPERM);
  g_assert_cmpint (run_without_landlock (socket_unix), ==, EPERM);
  g_assert_cmpint (run_without_landlock (read_back), ==, SUCCEEDED);
}

/* Says what the kernel has, and only that. */
static void
test_report (void)
{
  long abi = syscall (SYS_landlock_create_ruleset, NULL, 0, 1);
  pid_t child = fork ();

  if (child == 0)
    {
      GanLockInReport report = { -1 };

      _exit (gan_lock_in_apply (&limits, &report, NULL) ? report.landlock_abi : NOT_LOCKED);
    }
  g_assert_cmpint (wait_exit (child), ==, MAX (abi, 0));
}

int
main (int argc, char **argv)
{
  int ends[2] = { -1, -1 };

  g_test_init (&argc, &argv, NULL);
  file = memfd_create ("file", MFD_CLOEXEC);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  connection = ends[0];
  g_assert_cmpint (pwrite (file, "x", 1, 0), ==, 1);
  g_test_add_func ("/lock-in/attempts", test_attempts);
  g_test_add_func ("/lock-in/abort", test_abort);
  g_test_add_func ("/lock-in/computing-time", test_computing_time);
  g_test_add_func ("/lock-in/threads", test_threads);
  g_test_add_func ("/lock-in/no-landlock", test_no_landlock);
  g_test_add_func ("/lock-in/report", test_report);
  return g_test_run ();
}
