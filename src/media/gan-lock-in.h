/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gives up for good what a process that reads hostile bytes has no need of: files, network, other
 * programs, other processes (README.md). What is open stays open. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  guint64 memory_bytes; /* of address space; 0: no limit */
  guint64 file_bytes;   /* what may be written to one descriptor */
  guint cpu_seconds;    /* of the whole process */
  guint descriptors;
} GanLockInLimits;

/* What the kernel had to give. */
typedef struct
{
  int landlock_abi; /* 0: none, seccomp holds alone */
} GanLockInReport;

gboolean gan_lock_in_apply (const GanLockInLimits *limits, GanLockInReport *report, GError **error);

G_END_DECLS
