/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-error-json.h"

static void
set_string (JsonObject *object, const char *key, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, key, value);
  else
    json_object_set_null_member (object, key);
}

static void
set_number (JsonObject *object, const char *key, gint64 value, gboolean known)
{
  if (known)
    json_object_set_int_member (object, key, value);
  else
    json_object_set_null_member (object, key);
}

/**
 * gan_error_to_json:
 * @error: an error of any domain; one that is not of %GAN_ERROR reads as "internal", a cancelled
 * one with the reason "cancelled"
 *
 * The value of the key `error` in contracts.md §1, with the keys in that order. What is not known
 * is null.
 *
 * Returns: (transfer full): an object
 */
JsonNode *
gan_error_to_json (const GError *error)
{
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (JsonNode) node = NULL;
  GanErrorCode code = GAN_ERROR_INTERNAL;
  const char *reason = gan_error_get_reason (error);
  guint status = gan_error_get_http_status (error);
  gint64 retry_after = gan_error_get_retry_after (error);

  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain == GAN_ERROR)
    code = (GanErrorCode) error->code;
  else if (gan_error_is_cancelled (error))
    reason = "cancelled";
  object = json_object_new ();
  set_string (object, "code", gan_error_code_to_string (code));
  set_string (object, "message", error->message);
  set_string (object, "platform", gan_error_get_platform (error));
  set_string (object, "url", gan_error_get_url (error));
  set_number (object, "http_status", status, status != 0);
  set_number (object, "retry_after", retry_after, retry_after != GAN_UNKNOWN);
  set_string (object, "reason", reason);
  set_string (object, "field", gan_error_get_field (error));
  set_string (object, "cause", gan_error_get_cause (error));
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, object);
  return g_steal_pointer (&node);
}
