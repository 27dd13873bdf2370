/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the store's tests share: a database in a folder of its own, looked at from outside. */
#pragma once

#include "gan-store.h"
#include "gan-test-fixture.h"

G_BEGIN_DECLS

typedef struct
{
  GanTestFolder *folder;
  char *path;
} GanTestStore;

void gan_test_store_set_up (GanTestStore *self, gconstpointer data);
void gan_test_store_tear_down (GanTestStore *self, gconstpointer data);

void gan_test_store_sql (GanTestStore *self, const char *sql);
char *gan_test_store_dup (GanTestStore *self, const char *sql);
void gan_test_store_assert_sound (GanTestStore *self);
gboolean gan_test_store_has_bytes (GanTestStore *self, const char *text);

GanJobRow *gan_test_store_add (GanStore *store, const char *url);
char *gan_test_store_dup_urls (GPtrArray *rows);

G_END_DECLS
