/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-cli-store.h"

#include "gan-cli-output.h"

static const char *
describe (GanDatabaseCondition condition)
{
  switch (condition)
    {
    case GAN_DATABASE_MIGRATED:
      return "the database was of an older Gannet; a copy of it lies beside the new one";
    case GAN_DATABASE_READ_ONLY:
      return "the database is of a newer Gannet and is only read";
    case GAN_DATABASE_SAVED:
      return "the database was damaged; it was set aside, and what could be read was taken over";
    case GAN_DATABASE_FINE:
    default:
      return NULL;
    }
}

/**
 * gan_cli_store_tell:
 * @condition: what opening the database came to
 *
 * Says on stderr what was found but a sound file of today.
 */
void
gan_cli_store_tell (GanDatabaseCondition condition)
{
  const char *words = describe (condition);

  if (words != NULL)
    gan_cli_output_complain (words);
}

/**
 * gan_cli_store_open:
 * @app: the parts of the program
 * @error: why it cannot be opened
 *
 * Opens queue and library, and says on stderr what was found but a sound file of today.
 *
 * Returns: whether they are open
 */
gboolean
gan_cli_store_open (GanApp *app, GError **error)
{
  GanDatabaseCondition condition = GAN_DATABASE_FINE;

  if (!gan_store_open_sync (gan_app_get_store (app), &condition, error))
    return FALSE;
  gan_cli_store_tell (condition);
  return TRUE;
}
