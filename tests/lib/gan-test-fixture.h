/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that tests bring along, and folders that go when the test ends. */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char *gan_test_fixture_dup_path (const char *name);
GBytes *gan_test_fixture_load (const char *name);
char *gan_test_program_dup_path (const char *name);

typedef struct
{
  char *path;
} GanTestFolder;

GanTestFolder *gan_test_folder_new (void);
void gan_test_folder_free (GanTestFolder *self);
char *gan_test_folder_dup_path (GanTestFolder *self, const char *name);
void gan_test_folder_write (GanTestFolder *self, const char *name, const void *data, gssize length);
GBytes *gan_test_folder_load (GanTestFolder *self, const char *name);
GStrv gan_test_folder_list (GanTestFolder *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (GanTestFolder, gan_test_folder_free)

guint gan_test_count_descriptors (void);

G_END_DECLS
