/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the store's tests share: a database in a folder of its own, looked at from outside. */
#pragma once

#include "gan-store.h"
#include "gan-test-fixture.h"

#include <sys/stat.h>

G_BEGIN_DECLS

typedef struct
{
  GanTestFolder *folder;
  char *path;
} GanTestStore;

/* The same with the store in use; its database is sound in the end. */
typedef struct
{
  GanTestStore base;
  GanStore *store;
  mode_t umask;
} GanTestStoreOpen;

void gan_test_store_set_up (GanTestStore *self, gconstpointer data);
void gan_test_store_tear_down (GanTestStore *self, gconstpointer data);

void gan_test_store_sql (GanTestStore *self, const char *sql);
char *gan_test_store_dup (GanTestStore *self, const char *sql);
void gan_test_store_assert_sound (GanTestStore *self);
gboolean gan_test_store_has_bytes (GanTestStore *self, const char *text);

GanJobRow *gan_test_store_add (GanStore *store, const char *url);
char *gan_test_store_dup_urls (GPtrArray *rows);

void gan_test_store_open_set_up (GanTestStoreOpen *self, gconstpointer data);
void gan_test_store_open_tear_down (GanTestStoreOpen *self, gconstpointer data);

/* The library: what a search for text finds (NULL: all), and a file more. */
GPtrArray *gan_test_store_find (GanTestStoreOpen *self, const char *text);
guint gan_test_store_count_found (GanTestStoreOpen *self, const char *text);
void gan_test_store_add_file (GanTestStoreOpen *self,
                              const char *file,
                              const char *title,
                              const char *creator);
void gan_test_store_assert_same (gpointer expected, gpointer actual);
void
gan_test_store_assert_stats (GanTestStoreOpen *self, gint64 finished, gint64 failed, gint64 bytes);

G_END_DECLS
