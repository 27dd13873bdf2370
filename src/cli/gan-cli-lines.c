/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-cli-lines.h"

#include "gan-cli-output.h"

static void
end_line (GString *line, gsize length, GanCliLineFunc func, gpointer user_data)
{
  if (length == line->len && length > 0 && line->str[length - 1] == '\r')
    g_string_truncate (line, --length);
  if (length > 0)
    func (line->str, length, user_data);
  g_string_truncate (line, 0);
}

/**
 * gan_cli_lines_read:
 * @cli: the command line; its cancellable ends the reading
 * @input: where from
 * @func: called for each line that is not empty, without its end
 * @user_data: for @func
 *
 * Lines of any length; of one that is too long for a link only the beginning is kept.
 */
void
gan_cli_lines_read (GanCli *cli, FILE *input, GanCliLineFunc func, gpointer user_data)
{
  g_autoptr (GString) line = g_string_new (NULL);
  gsize length = 0;
  int c = 0;

  while ((c = getc_unlocked (input)) != EOF && !gan_cli_output_is_broken ()
         && !g_cancellable_is_cancelled (cli->cancellable))
    {
      if (c == '\n')
        {
          end_line (line, length, func, user_data);
          length = 0;
          continue;
        }
      length++;
      if (line->len < GAN_CLI_LINE_BYTES)
        g_string_append_c (line, (char) c);
    }
  end_line (line, length, func, user_data);
}
