/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program with nothing but the settings in it, for tests that kill it:
 *
 *   settings-run N    sets max-jobs to N
 */
#include "config.h"

#include "gan-settings.h"

int
main (int argc, char **argv)
{
  g_autoptr (GanSettings) settings = NULL;
  guint64 number = 0;

  if (argc != 2 || !g_ascii_string_to_unsigned (argv[1], 10, 1, 16, &number, NULL))
    return 2;
  settings = gan_settings_new ();
  gan_settings_set_max_jobs (settings, (guint) number);
  return 0;
}
