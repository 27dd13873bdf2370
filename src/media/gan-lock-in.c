/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-lock-in.h"

#include "gan-error.h"

#include <errno.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's struct of today; an older kernel is given the part that it knows. */
typedef struct
{
  guint64 files;
  guint64 network;
  guint64 scope;
} Ruleset;

static void
set_error (GError **error, const char *what)
{
  gan_error_set (error, GAN_ERROR_INTERNAL, "lock-in", "%s: %s", what, g_strerror (errno));
}

/* Landlock covers the thread that asks for it and those it starts, so there must be no other. */
static gboolean
check_alone (GError **error)
{
  g_autoptr (GDir) tasks = g_dir_open ("/proc/self/task", 0, NULL);

  if (tasks != NULL && g_dir_read_name (tasks) != NULL && g_dir_read_name (tasks) == NULL)
    return TRUE;
  gan_error_set (error, GAN_ERROR_INTERNAL, "lock-in", "not known to be the only thread");
  return FALSE;
}

static gboolean
set_limit (int resource, guint64 value)
{
  struct rlimit limit = { value, value };

  return setrlimit (resource, &limit) == 0;
}

static gboolean
set_limits (const GanLockInLimits *limits, GError **error)
{
  gboolean ok = set_limit (RLIMIT_CORE, 0) && set_limit (RLIMIT_NPROC, 0)
                && set_limit (RLIMIT_NOFILE, limits->descriptors)
                && set_limit (RLIMIT_FSIZE, limits->file_bytes)
                && set_limit (RLIMIT_CPU, limits->cpu_seconds);

#ifndef __SANITIZE_ADDRESS__
  /* AddressSanitizer reserves terabytes of address space, so its builds go without. */
  if (limits->memory_bytes > 0)
    ok = ok && set_limit (RLIMIT_AS, limits->memory_bytes);
#endif
  if (!ok)
    set_error (error, "a limit of resources");
  return ok;
}

/* All rights over files that the ABI of the running kernel knows. */
static guint64
get_file_rights (int abi)
{
  static const guint n_rights[] = { 0, 13, 14, 15, 15, 16 };

  return (G_GUINT64_CONSTANT (1) << n_rights[MIN ((gsize) abi, G_N_ELEMENTS (n_rights) - 1)]) - 1;
}

static gsize
get_ruleset_size (int abi)
{
  if (abi < 4)
    return G_STRUCT_OFFSET (Ruleset, network);
  return abi < 6 ? G_STRUCT_OFFSET (Ruleset, scope) : sizeof (Ruleset);
}

/* No path at all, no TCP port, no abstract socket, no signal to others. */
static gboolean
restrict_files (int *landlock_abi, GError **error)
{
  Ruleset ruleset = { 0, 3, 3 };
  long abi = syscall (SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
  long descriptor = -1;
  gboolean ok = FALSE;

  *landlock_abi = 0;
  if (abi <= 0)
    return TRUE;
  ruleset.files = get_file_rights ((int) abi);
  descriptor
      = syscall (SYS_landlock_create_ruleset, &ruleset, get_ruleset_size ((int) abi), (guint32) 0);
  ok = descriptor >= 0 && syscall (SYS_landlock_restrict_self, (int) descriptor, (guint32) 0) == 0;
  if (ok)
    *landlock_abi = (int) abi;
  else
    set_error (error, "Landlock");
  if (descriptor >= 0)
    close ((int) descriptor);
  return ok;
}

/* What one thread that reads, counts and writes needs; none of it names a path or an address. */
static const int allowed[] = {
  SCMP_SYS (brk),
  SCMP_SYS (clock_getres),
  SCMP_SYS (clock_gettime),
  SCMP_SYS (close),
  SCMP_SYS (exit),
  SCMP_SYS (exit_group),
  SCMP_SYS (futex),
  SCMP_SYS (getpid),
  SCMP_SYS (getrandom),
  SCMP_SYS (getrusage),
  SCMP_SYS (gettid),
  SCMP_SYS (gettimeofday),
  SCMP_SYS (lseek),
  SCMP_SYS (madvise),
  SCMP_SYS (mremap),
  SCMP_SYS (munmap),
  SCMP_SYS (poll),
  SCMP_SYS (ppoll),
  SCMP_SYS (pread64),
  SCMP_SYS (pwrite64),
  SCMP_SYS (read),
  SCMP_SYS (readv),
  SCMP_SYS (recvmsg),
  SCMP_SYS (restart_syscall),
  SCMP_SYS (rt_sigaction),
  SCMP_SYS (rt_sigprocmask),
  SCMP_SYS (rt_sigreturn),
  SCMP_SYS (sched_yield),
  SCMP_SYS (sched_getaffinity),
  SCMP_SYS (sigaltstack),
  SCMP_SYS (time),
  SCMP_SYS (write),
  SCMP_SYS (writev),
};

/* 0 or a negative errno, as libseccomp has it. */
static int
add_rules (scmp_filter_ctx filter)
{
  /* Memory never becomes code, and a signal goes to nobody else: abort() needs one. */
  struct scmp_arg_cmp no_code = SCMP_A2 (SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
  struct scmp_arg_cmp myself = SCMP_A0 (SCMP_CMP_EQ, (scmp_datum_t) getpid ());
  int result = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (allowed) && result == 0; i++)
    result = seccomp_rule_add_array (filter, SCMP_ACT_ALLOW, allowed[i], 0, NULL);
  if (result == 0)
    result = seccomp_rule_add_array (filter, SCMP_ACT_ALLOW, SCMP_SYS (mmap), 1, &no_code);
  if (result == 0)
    result = seccomp_rule_add_array (filter, SCMP_ACT_ALLOW, SCMP_SYS (mprotect), 1, &no_code);
  if (result == 0)
    result = seccomp_rule_add_array (filter, SCMP_ACT_ALLOW, SCMP_SYS (tgkill), 1, &myself);
  return result;
}

/* All else is refused, not deadly: a library that asks for more than it needs goes on without. */
static gboolean
restrict_calls (GError **error)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ERRNO (EPERM));
  int result = filter == NULL ? -ENOMEM : add_rules (filter);

  if (result == 0)
    result = seccomp_load (filter);
  if (filter != NULL)
    seccomp_release (filter);
  if (result == 0)
    return TRUE;
  errno = -result;
  set_error (error, "seccomp");
  return FALSE;
}

/**
 * gan_lock_in_apply:
 * @limits: of resources
 * @report: (out caller-allocates): what the kernel had to give
 * @error: %GAN_ERROR_INTERNAL with reason "lock-in"; the process is then to end without having read
 *   anything
 *
 * Locks the process in; there is no way back. To be called by the only thread, once all libraries
 * are loaded. Where the kernel has no Landlock, seccomp alone holds, which refuses every call that
 * names a path as well.
 *
 * Returns: whether it holds
 */
gboolean
gan_lock_in_apply (const GanLockInLimits *limits, GanLockInReport *report, GError **error)
{
  g_return_val_if_fail (limits != NULL && report != NULL, FALSE);

  if (!check_alone (error) || !set_limits (limits, error))
    return FALSE;
  if (prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    {
      set_error (error, "no_new_privs");
      return FALSE;
    }
  return restrict_files (&report->landlock_abi, error) && restrict_calls (error);
}
