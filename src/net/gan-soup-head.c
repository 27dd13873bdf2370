/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-soup-head.h"

#include "gan-error.h"

#include <string.h>

#define MAX_STATUS 999

static gboolean
refuse (GError **error, const char *reason, const char *message)
{
  gan_error_set (error, GAN_ERROR_INVALID_DATA, reason, "%s", message);
  return FALSE;
}

/* A field that libsoup let through and that we do not store is left out, not the answer: such is
 * the web. Only an endless number of them is refused. */
static gboolean
copy_headers (SoupMessage *message, GanHeaders *headers, GError **error)
{
  SoupMessageHeadersIter iter;
  const char *name = NULL;
  const char *value = NULL;

  soup_message_headers_iter_init (&iter, soup_message_get_response_headers (message));
  while (soup_message_headers_iter_next (&iter, &name, &value))
    if (!gan_headers_append (headers, name, value) && gan_headers_name_is_valid (name)
        && gan_headers_value_is_valid (value))
      return refuse (error, "head", "the answer has too many headers");
  return TRUE;
}

/* libsoup takes the last of several lengths, and reads a negative one as zero. */
static gboolean
read_length (GanHeaders *headers, gint64 *length, GError **error)
{
  g_auto (GStrv) values = gan_headers_dup_all (headers, "Content-Length");
  gint64 number = -1;

  *length = -1;
  for (gsize i = 0; values[i] != NULL; i++)
    {
      if (strspn (values[i], "0123456789") != strlen (values[i])
          || !g_ascii_string_to_signed (values[i], 10, 0, G_MAXINT64, &number, NULL))
        return refuse (error, "content-length", "the answer's length is no number");
      if (*length >= 0 && *length != number)
        return refuse (error, "content-length", "the answer has two lengths");
      *length = number;
    }
  return TRUE;
}

static gboolean
has_body (SoupMessage *message)
{
  guint status = soup_message_get_status (message);

  return status != SOUP_STATUS_NO_CONTENT && status != SOUP_STATUS_NOT_MODIFIED
         && !g_str_equal (soup_message_get_method (message), "HEAD");
}

static gboolean
is_chunked (GanHeaders *headers)
{
  g_auto (GStrv) values = gan_headers_dup_all (headers, "Transfer-Encoding");

  for (gsize i = 0; values[i] != NULL; i++)
    if (g_ascii_strcasecmp (values[i], "chunked") == 0)
      return TRUE;
  return FALSE;
}

/**
 * gan_soup_head_read:
 * @message: a message whose head has come
 * @head: (out caller-allocates): what it says; to be cleared by gan_soup_head_clear() in any case
 * @error: return location
 *
 * Copies the fields and finds where the body ends. Lengths that are no number, that differ, or that
 * pass 2^63 - 1 are refused (RFC 9112 §6.3); of a length beside a transfer encoding the latter
 * counts.
 *
 * Returns: FALSE with %GAN_ERROR_INVALID_DATA
 */
gboolean
gan_soup_head_read (SoupMessage *message, GanSoupHead *head, GError **error)
{
  guint status = soup_message_get_status (message);
  gboolean chunked = FALSE;

  memset (head, 0, sizeof *head);
  head->headers = gan_headers_new ();
  head->length = -1;
  if (status < SOUP_STATUS_OK || status > MAX_STATUS)
    return refuse (error, "head", "the answer has no status");
  if (!copy_headers (message, head->headers, error)
      || !read_length (head->headers, &head->length, error))
    return FALSE;

  chunked = is_chunked (head->headers);
  head->contradictory = chunked && head->length >= 0;
  if (!has_body (message))
    head->framing = GAN_FRAMING_NONE;
  else if (chunked)
    head->framing = GAN_FRAMING_CHUNKED;
  else
    head->framing = head->length >= 0 ? GAN_FRAMING_LENGTH : GAN_FRAMING_CLOSE;
  return TRUE;
}

/**
 * gan_soup_head_clear:
 * @head: what gan_soup_head_read() filled
 */
void
gan_soup_head_clear (GanSoupHead *head)
{
  g_clear_pointer (&head->headers, gan_headers_unref);
}
