/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the queue share: a folder with data and films, a server, and a site that takes
 * every link for the address of a film. */
#pragma once

#include "gan-queue.h"
#include "gan-test-fixture.h"
#include "gan-test-server.h"

G_BEGIN_DECLS

/* Of anything that is waited for, in milliseconds. */
#define GAN_TEST_PATIENCE 20000

typedef struct
{
  GanTestFolder *folder;
  GanTestServer *server;
  GanApp *app;
  char *data;
  char *films;
  GanQueueOptions options;
  GanQueue *queue;  /* NULL until it is opened */
  GPtrArray *files; /* told by "job-finished" */
  guint n_failed;   /* told by "job-failed" */

  /* The server's scenario "hold": answers when it is let. */
  GMutex mutex;
  GCond cond;
  gboolean is_released;
  guint n_held;
  guint n_most_held;
} GanTestQueue;

void gan_test_queue_set_up (GanTestQueue *self, gconstpointer data);
void gan_test_queue_set_up_open (GanTestQueue *self, gconstpointer data);
void gan_test_queue_tear_down (GanTestQueue *self, gconstpointer data);
void gan_test_queue_open (GanTestQueue *self);
void gan_test_queue_close (GanTestQueue *self);

void gan_test_queue_set_down (gboolean down);
void gan_test_queue_reopen (GanTestQueue *self);

GanApp *gan_test_queue_new_app (const char *data);
char *gan_test_queue_dup_link (GanTestQueue *self, const char *target);
GanJobRow *gan_test_queue_new_row (GanTestQueue *self, const char *target);
void gan_test_queue_store (GanTestQueue *self, const char *target);
GanJob *gan_test_queue_add (GanTestQueue *self, const char *target);
GPtrArray *gan_test_queue_add_rows (GanTestQueue *self, GPtrArray *rows, GError **error);
void gan_test_queue_add_many (GanTestQueue *self, const char *prefix, guint n);
gboolean gan_test_queue_move (GanTestQueue *self, GanJob *job, GanJob *before, GError **error);
void gan_test_queue_set_limits (GanTestQueue *self,
                                guint max_jobs,
                                guint max_jobs_per_host,
                                gint64 limit_rate);
void gan_test_queue_want (GanTestQueue *self, GanJob *job, const char *wanted);
void gan_test_queue_want_all (GanTestQueue *self, const char *wanted);
void gan_test_queue_remove (GanTestQueue *self, GanJob *job);

/* Conditions; the main context runs while they are waited for. */
typedef gboolean (*GanTestCondition) (gpointer data);
gboolean gan_test_queue_wait (GanTestCondition condition, gpointer data, guint milliseconds);
void gan_test_queue_wait_state (GanJob *job, const char *state);
void gan_test_queue_wait_bytes (GanJob *job);
void gan_test_queue_wait_held (GanTestQueue *self, guint n);
gboolean gan_test_queue_holds_more (GanTestQueue *self, guint n, guint milliseconds);
guint gan_test_queue_get_most_held (GanTestQueue *self);
void gan_test_queue_release (GanTestQueue *self);
void gan_test_queue_wait_idle (GanTestQueue *self);
void gan_test_queue_wait_length (GanTestQueue *self, guint length);

char *gan_test_queue_dup_asked (GanTestQueue *self);
void gan_test_queue_assert_films (GanTestQueue *self, const char *names);
void gan_test_queue_assert_film (GanTestQueue *self, const char *name, gsize size, guint32 seed);

#define GAN_TEST_QUEUE_ADD(path, func)                                                             \
  g_test_add (path, GanTestQueue, NULL, gan_test_queue_set_up_open, func, gan_test_queue_tear_down)

G_END_DECLS
