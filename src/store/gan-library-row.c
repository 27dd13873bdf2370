/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-library-row.h"

#include "gan-columns.h"
#include "gan-record-define.h"

#define GAN_LIBRARY_ROW_FIELD(kind, name) GAN_RECORD_FIELD_##kind (GanLibraryRow, name)
#define GAN_LIBRARY_ROW_ACCESS(kind, name)                                                         \
  GAN_RECORD_ACCESS_##kind (GanLibraryRow, gan_library_row, name)

GAN_RECORD_DEFINE (GanLibraryRow,
                   gan_library_row,
                   GAN_LIBRARY_ROW_FIELDS,
                   GAN_LIBRARY_ROW_FIELD,
                   GAN_LIBRARY_ROW_ACCESS)

/**
 * gan_library_row_new:
 * @file: (nullable): where the file is
 *
 * Returns: (transfer full): a row of which nothing else is known; the id, and where it is missing
 *   the time, come with gan_store_add_file_sync()
 */
GanLibraryRow *
gan_library_row_new (const char *file)
{
  GanLibraryRow *self = g_object_new (GAN_TYPE_LIBRARY_ROW, NULL);

  gan_library_row_set_file (self, file);
  return self;
}

/**
 * gan_library_row_copy:
 * @self: a row
 *
 * Returns: (transfer full): the same values in a row that is not sealed
 */
GanLibraryRow *
gan_library_row_copy (GanLibraryRow *self)
{
  GanLibraryRow *copy = NULL;

  g_return_val_if_fail (GAN_IS_LIBRARY_ROW (self), NULL);

  copy = g_object_new (GAN_TYPE_LIBRARY_ROW, NULL);
  gan_columns_copy (GAN_RECORD (self), GAN_RECORD (copy));
  return copy;
}
