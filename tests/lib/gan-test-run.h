/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program under test: started, watched while it runs, killed at a condition, judged at its end.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _GanTestRun GanTestRun;

GanTestRun *gan_test_run_start (const char *const *argv,
                                const char *const *environment,
                                const char *folder,
                                const char *input);
GanTestRun *gan_test_run_sync (const char *const *argv,
                               const char *const *environment,
                               const char *folder,
                               const char *input);
void gan_test_run_free (GanTestRun *self);
gboolean gan_test_run_wait (GanTestRun *self, guint milliseconds);
gboolean gan_test_run_wait_output (GanTestRun *self, const char *text, guint milliseconds);
void gan_test_run_kill (GanTestRun *self, int signal_number);
GPid gan_test_run_get_pid (GanTestRun *self);
int gan_test_run_get_exit (GanTestRun *self);
char *gan_test_run_dup_stdout (GanTestRun *self);
char *gan_test_run_dup_stderr (GanTestRun *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanTestRun, gan_test_run_free)

G_END_DECLS
