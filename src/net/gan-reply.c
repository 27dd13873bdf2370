/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-reply-private.h"

#include "gan-charset.h"
#include "gan-error.h"
#include "gan-headers.h"
#include "gan-json.h"
#include "gan-limits.h"
#include "gan-response-private.h"

#include <string.h>

struct _GanReply
{
  GObject parent_instance;

  GanUrl *url;
  GanHeaders *headers;
  char *content_type;
  GBytes *bytes;
  guint status;

  GMutex mutex; /* of what follows; made when it is first asked for, then never changed */
  GString *text;
};

G_DEFINE_FINAL_TYPE (GanReply, gan_reply, G_TYPE_OBJECT)

static void
gan_reply_finalize (GObject *object)
{
  GanReply *self = GAN_REPLY (object);

  gan_url_unref (self->url);
  gan_headers_unref (self->headers);
  g_free (self->content_type);
  g_bytes_unref (self->bytes);
  if (self->text != NULL)
    g_string_free (self->text, TRUE);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (gan_reply_parent_class)->finalize (object);
}

static void
gan_reply_class_init (GanReplyClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = gan_reply_finalize;
}

static void
gan_reply_init (GanReply *self)
{
  g_mutex_init (&self->mutex);
}

/**
 * gan_reply_new:
 * @response: an answer
 * @bytes: its whole body
 *
 * Returns: (transfer full): the reply
 */
GanReply *
gan_reply_new (GanResponse *response, GBytes *bytes)
{
  GanReply *self = NULL;

  g_return_val_if_fail (GAN_IS_RESPONSE (response) && bytes != NULL, NULL);

  self = g_object_new (GAN_TYPE_REPLY, NULL);
  self->url = gan_url_ref (gan_response_get_url (response));
  self->headers = gan_headers_ref (gan_response_get_headers (response));
  self->content_type = g_strdup (gan_response_get_content_type (response));
  self->status = gan_response_get_status (response);
  self->bytes = g_bytes_ref (bytes);
  return self;
}

/**
 * gan_reply_get_status:
 * @self: a reply
 *
 * Returns: the HTTP status
 */
guint
gan_reply_get_status (GanReply *self)
{
  g_return_val_if_fail (GAN_IS_REPLY (self), 0);

  return self->status;
}

/**
 * gan_reply_get_url:
 * @self: a reply
 *
 * Returns: (transfer none): the URL that answered: the last one where redirects were followed
 */
GanUrl *
gan_reply_get_url (GanReply *self)
{
  g_return_val_if_fail (GAN_IS_REPLY (self), NULL);

  return self->url;
}

/**
 * gan_reply_get_header:
 * @self: a reply
 * @name: a field's name, in any case
 *
 * Returns: (nullable): the value of the first such field; hostile text without control characters
 */
const char *
gan_reply_get_header (GanReply *self, const char *name)
{
  g_return_val_if_fail (GAN_IS_REPLY (self) && name != NULL, NULL);

  return gan_headers_get (self->headers, name);
}

/**
 * gan_reply_get_content_type:
 * @self: a reply
 *
 * Returns: (nullable): the media type in lower case, without parameters
 */
const char *
gan_reply_get_content_type (GanReply *self)
{
  g_return_val_if_fail (GAN_IS_REPLY (self), NULL);

  return self->content_type;
}

/**
 * gan_reply_get_retry_after:
 * @self: a reply
 *
 * Returns: seconds to wait as the server asks, 0 to GAN_LIMIT_RETRY_AFTER_SECONDS; -1 if it does
 * not
 */
gint64
gan_reply_get_retry_after (GanReply *self)
{
  g_return_val_if_fail (GAN_IS_REPLY (self), -1);

  return gan_headers_get_retry_after (self->headers);
}

/**
 * gan_reply_get_bytes:
 * @self: a reply
 *
 * Returns: (transfer none): the body as it came, without the encodings of transport
 */
GBytes *
gan_reply_get_bytes (GanReply *self)
{
  g_return_val_if_fail (GAN_IS_REPLY (self), NULL);

  return self->bytes;
}

static const GString *
ensure_text (GanReply *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_autofree char *charset = NULL;
  const char *data = NULL;
  gsize length = 0;

  if (self->text != NULL)
    return self->text;
  charset = gan_charset_from_content_type (gan_headers_get (self->headers, "Content-Type"));
  data = g_bytes_get_data (self->bytes, &length);
  self->text = gan_charset_to_utf8 (data != NULL ? data : "", length, charset);
  return self->text;
}

/**
 * gan_reply_get_text:
 * @self: a reply
 * @length: (out) (optional): bytes before the NUL at its end
 *
 * The body as text, decoded by its byte order mark, the charset of Content-Type, or what it looks
 * like.
 *
 * Returns: (transfer none): valid UTF-8, with no NUL but the one at its end
 */
const char *
gan_reply_get_text (GanReply *self, gsize *length)
{
  const GString *text = NULL;

  g_return_val_if_fail (GAN_IS_REPLY (self), NULL);

  text = ensure_text (self);
  if (length != NULL)
    *length = text->len;
  return text->str;
}

/**
 * gan_reply_parse_json:
 * @self: a reply
 * @error: return location
 *
 * Parses the body within GAN_LIMIT_JSON_BYTES and GAN_LIMIT_JSON_DEPTH, whatever its Content-Type.
 *
 * Returns: (transfer full): the root, or NULL with %GAN_ERROR_INVALID_DATA, reason "html" where a
 * page came instead of JSON, else "json"
 */
JsonNode *
gan_reply_parse_json (GanReply *self, GError **error)
{
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GError) cause = NULL;
  const GString *text = NULL;
  gboolean is_html = FALSE;

  g_return_val_if_fail (GAN_IS_REPLY (self), NULL);

  text = ensure_text (self);
  root = gan_json_parse (text->str,
                         (gssize) text->len,
                         GAN_LIMIT_JSON_BYTES,
                         GAN_LIMIT_JSON_DEPTH,
                         &cause);
  if (root != NULL)
    return g_steal_pointer (&root);

  is_html = text->str[strspn (text->str, " \t\r\n")] == '<';
  gan_error_set_url (cause, gan_url_get_string (self->url));
  gan_error_set_http_status (cause, self->status);
  gan_error_set_cause (error,
                       GAN_ERROR_INVALID_DATA,
                       is_html ? "html" : "json",
                       g_steal_pointer (&cause));
  return NULL;
}

/**
 * gan_reply_check_status:
 * @self: a reply
 * @error: return location
 *
 * As gan_response_check_status().
 *
 * Returns: whether the status is 200 to 299
 */
gboolean
gan_reply_check_status (GanReply *self, GError **error)
{
  g_return_val_if_fail (GAN_IS_REPLY (self), FALSE);

  return gan_response_check_head (self->status, self->headers, self->url, error);
}
