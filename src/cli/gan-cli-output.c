/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-cli-output.h"

#include "gan-error-json.h"
#include "gan-json.h"
#include "gan-redact.h"
#include "gan-text.h"

#include <stdio.h>

static gboolean broken;

static void
write_line (FILE *stream, const char *line)
{
  if (fputs (line, stream) == EOF || fputc ('\n', stream) == EOF || fflush (stream) == EOF)
    broken = TRUE;
}

/**
 * gan_cli_output_is_broken:
 *
 * Returns: whether the reader of our output is gone, so that more of it is for nobody
 */
gboolean
gan_cli_output_is_broken (void)
{
  return broken;
}

/**
 * gan_cli_output_json:
 * @node: a value
 *
 * Writes it as one line to stdout.
 */
void
gan_cli_output_json (JsonNode *node)
{
  g_autofree char *text = gan_json_to_string (node, FALSE);

  write_line (stdout, text);
}

/**
 * gan_cli_output_line:
 * @format: printf format; what it shows is made safe for a terminal
 *
 * Writes a line for people to stdout.
 */
void
gan_cli_output_line (const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *shown = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  shown = gan_text_for_terminal (text);
  write_line (stdout, shown);
}

/**
 * gan_cli_output_field:
 * @label: what it is
 * @foreign_text: (nullable): its value as a site wrote it; nothing is written without one
 */
void
gan_cli_output_field (const char *label, const char *foreign_text)
{
  if (foreign_text != NULL && *foreign_text != '\0')
    gan_cli_output_line ("%-12s %s", label, foreign_text);
}

/**
 * gan_cli_output_complain:
 * @message: one line
 *
 * Writes it to stderr under the program's name.
 */
void
gan_cli_output_complain (const char *message)
{
  g_autofree char *shown = gan_text_for_terminal (message);
  g_autofree char *line = g_strconcat ("gannet-cli: ", shown, NULL);

  write_line (stderr, line);
}

/**
 * gan_cli_output_describe:
 * @code: what went wrong
 *
 * Returns: what a person reads
 */
const char *
gan_cli_output_describe (GanErrorCode code)
{
  static const char *const sentences[] = {
    [GAN_ERROR_UNSUPPORTED_URL] = "there is no support for this link",
    [GAN_ERROR_NOT_FOUND] = "there is nothing to be had at this link",
    [GAN_ERROR_PRIVATE] = "this is private",
    [GAN_ERROR_LOGIN_REQUIRED] = "this can be seen only by those who are logged in",
    [GAN_ERROR_AGE_RESTRICTED] = "the site wants a proof of age for this",
    [GAN_ERROR_GEO_BLOCKED] = "this is not available in your country",
    [GAN_ERROR_DRM] = "this is copy-protected",
    [GAN_ERROR_PAID] = "this has to be paid for",
    [GAN_ERROR_UPCOMING] = "this has not begun yet",
    [GAN_ERROR_RATE_LIMITED] = "the site wants fewer requests",
    [GAN_ERROR_BOT_CHECK] = "the site wants a proof that you are no robot",
    [GAN_ERROR_NETWORK] = "the server cannot be reached",
    [GAN_ERROR_TLS] = "the connection is not secure",
    [GAN_ERROR_HTTP_STATUS] = "the server answered with an error",
    [GAN_ERROR_SITE_CHANGED] = "the site has changed and is not understood any more",
    [GAN_ERROR_TRUNCATED] = "the server ended the file too early",
    [GAN_ERROR_CHANGED_ON_SERVER] = "the file on the server has changed",
    [GAN_ERROR_NO_SPACE] = "there is not enough free space",
    [GAN_ERROR_TOO_LARGE] = "this is larger than allowed",
    [GAN_ERROR_NOT_ALLOWED] = "this is not allowed",
    [GAN_ERROR_INVALID_DATA] = "the answer makes no sense",
    [GAN_ERROR_TIMEOUT] = "the server does not answer in time",
    [GAN_ERROR_DISK] = "the disk refuses the file",
    [GAN_ERROR_INTERNAL] = "something went wrong inside Gannet",
  };

  return sentences[code];
}

static char *
dup_sentence (const GError *error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (error->domain != GAN_ERROR)
    return g_strdup (error->message);
  /* What is known beside it follows in brackets. */
  g_string_append (text, gan_cli_output_describe (error->code));
  g_string_append_printf (text, " (%s)", error->message);
  if (gan_error_get_retry_after (error) > 0)
    g_string_append_printf (text,
                            "; try again in %" G_GINT64_FORMAT " s",
                            gan_error_get_retry_after (error));
  if (gan_error_get_url (error) != NULL)
    g_string_append_printf (text, ": %s", gan_error_get_url (error));
  return g_strdup (text->str);
}

/**
 * gan_cli_output_error_object:
 * @error: what went wrong
 *
 * Writes the error object of contracts.md §1 to stdout.
 */
void
gan_cli_output_error_object (const GError *error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_member (object, "error", gan_error_to_json (error));
  json_node_set_object (node, object);
  gan_cli_output_json (node);
}

/**
 * gan_cli_output_error:
 * @error: what went wrong
 * @json: whether stdout carries JSON
 *
 * Tells people on stderr, and programs by the error object on stdout.
 */
void
gan_cli_output_error (const GError *error, gboolean json)
{
  g_autofree char *sentence = dup_sentence (error);

  gan_cli_output_complain (sentence);
  if (json)
    gan_cli_output_error_object (error);
}

/**
 * gan_cli_output_dup_echo:
 * @text: what somebody typed
 * @length: its length in bytes, or -1
 *
 * Returns: (transfer full): the same as UTF-8 and without userinfo
 */
char *
gan_cli_output_dup_echo (const char *text, gssize length)
{
  g_autofree char *valid = g_utf8_make_valid (text, length);

  return gan_redact_userinfo (valid);
}

/**
 * gan_cli_output_exit_code:
 * @error: (nullable): what went wrong
 *
 * Returns: the exit code of contracts.md §1
 */
int
gan_cli_output_exit_code (const GError *error)
{
  static const int codes[] = {
    [GAN_ERROR_UNSUPPORTED_URL] = 3,
    [GAN_ERROR_NOT_FOUND] = 4,
    [GAN_ERROR_PRIVATE] = 4,
    [GAN_ERROR_LOGIN_REQUIRED] = 5,
    [GAN_ERROR_AGE_RESTRICTED] = 5,
    [GAN_ERROR_GEO_BLOCKED] = 10,
    [GAN_ERROR_DRM] = 10,
    [GAN_ERROR_PAID] = 5,
    [GAN_ERROR_UPCOMING] = 10,
    [GAN_ERROR_RATE_LIMITED] = 6,
    [GAN_ERROR_BOT_CHECK] = 6,
    [GAN_ERROR_NETWORK] = 7,
    [GAN_ERROR_TLS] = 7,
    [GAN_ERROR_HTTP_STATUS] = 7,
    [GAN_ERROR_SITE_CHANGED] = 8,
    [GAN_ERROR_TRUNCATED] = 11,
    [GAN_ERROR_CHANGED_ON_SERVER] = 11,
    [GAN_ERROR_NO_SPACE] = 9,
    [GAN_ERROR_TOO_LARGE] = 9,
    [GAN_ERROR_NOT_ALLOWED] = 1,
    [GAN_ERROR_INVALID_DATA] = 8,
    [GAN_ERROR_TIMEOUT] = 7,
    [GAN_ERROR_DISK] = 9,
    [GAN_ERROR_INTERNAL] = 1,
  };

  if (error == NULL)
    return 0;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return GAN_CLI_EXIT_INTERRUPTED;
  return error->domain == GAN_ERROR && (guint) error->code < G_N_ELEMENTS (codes)
             ? codes[error->code]
             : 1;
}

/**
 * gan_cli_output_finish:
 * @cli: the command line
 * @app: (nullable): the parts of the program; without them, it was options or variables that made
 * no sense
 * @error: (transfer full) (nullable): why the verb failed, not yet told
 * @json: whether stdout carries JSON
 *
 * What every verb that went out ends with: the error, what a recording had no answer for, and the
 * HAR.
 *
 * Returns: the exit code
 */
int
gan_cli_output_finish (GanCli *cli, GanApp *app, GError *error, gboolean json)
{
  g_autoptr (GError) failure = error;
  g_autoptr (GError) record_error = NULL;
  g_auto (GStrv) missed = app != NULL ? gan_app_dup_missed (app) : NULL;

  for (guint i = 0; missed != NULL && missed[i] != NULL; i++)
    {
      g_autofree char *line = g_strconcat ("not recorded: ", missed[i], NULL);
      g_autofree char *shown = gan_text_for_terminal (line);

      write_line (stderr, shown);
    }
  if (failure != NULL && !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    gan_cli_output_error (failure, json);
  if (app != NULL && !gan_app_write_record (app, &record_error))
    {
      gan_cli_output_error (record_error, FALSE);
      if (failure == NULL)
        failure = g_steal_pointer (&record_error);
    }
  if (app == NULL)
    return GAN_CLI_EXIT_USAGE;
  if (failure == NULL && broken)
    return 1;
  return gan_cli_output_exit_code (failure);
}
