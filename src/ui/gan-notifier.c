/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "gan-notifier.h"

#include <glib/gi18n.h>

#define FINISHED "finished"
#define FAILED "failed"
#define SERVICE "org.freedesktop.Notifications"
#define PORTAL "org.freedesktop.portal.Desktop"

struct _GanNotifier
{
  GObject parent_instance;

  GApplication *application; /* borrowed: it owns us */
  guint n_finished;          /* since they were last withdrawn */
  guint n_failed;
};

typedef struct
{
  GanNotifier *self;
  const char *id;
  GNotification *notification;
} Message;

G_DEFINE_FINAL_TYPE (GanNotifier, gan_notifier, G_TYPE_OBJECT)

static void
message_free (Message *message)
{
  g_object_unref (message->self);
  g_object_unref (message->notification);
  g_free (message);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Message, message_free)

static void
gan_notifier_class_init (GanNotifierClass *klass)
{
}

static void
gan_notifier_init (GanNotifier *self)
{
}

/**
 * gan_notifier_new:
 * @application: whose notifications they are; outlives this
 *
 * Returns: (transfer full): has told nothing yet
 */
GanNotifier *
gan_notifier_new (GApplication *application)
{
  GanNotifier *self = g_object_new (GAN_TYPE_NOTIFIER, NULL);

  self->application = application;
  return self;
}

static void
ask_bus (Message *message, const char *method, GVariant *arguments, GAsyncReadyCallback callback)
{
  g_dbus_connection_call (g_application_get_dbus_connection (message->self->application),
                          "org.freedesktop.DBus",
                          "/org/freedesktop/DBus",
                          "org.freedesktop.DBus",
                          method,
                          arguments,
                          NULL,
                          G_DBUS_CALL_FLAGS_NONE,
                          -1,
                          NULL,
                          callback,
                          message);
}

static const char *
get_service (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) ? PORTAL : SERVICE;
}

static void
started_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Message) message = user_data;
  g_autoptr (GVariant) answer
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  if (answer != NULL)
    g_application_send_notification (message->self->application,
                                     message->id,
                                     message->notification);
}

/* A service that does not run may be one that the bus starts. */
static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Message) message = user_data;
  g_autoptr (GVariant) answer
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);

  if (answer != NULL)
    g_application_send_notification (message->self->application,
                                     message->id,
                                     message->notification);
  else
    ask_bus (g_steal_pointer (&message),
             "StartServiceByName",
             g_variant_new ("(su)", get_service (), 0),
             started_cb);
}

/* GLib warns when it sends to a service that is not there, so the service is asked for first.
 * @notification: (transfer full) */
static void
send (GanNotifier *self, const char *id, GNotification *notification)
{
  Message *message = NULL;

  if (g_application_get_dbus_connection (self->application) == NULL)
    {
      g_object_unref (notification);
      return;
    }
  message = g_new0 (Message, 1);
  message->self = g_object_ref (self);
  message->id = id;
  message->notification = notification;
  ask_bus (message, "GetNameOwner", g_variant_new ("(s)", get_service ()), found_cb);
}

/* Some services read a body as markup, others do not, and GLib leaves it as it is: so no foreign
 * text brings a tag along. */
static void
set_body (GNotification *notification, const char *text)
{
  g_auto (GStrv) opened = g_strsplit (text, "<", -1);
  g_autofree char *half = g_strjoinv ("‹", opened);
  g_auto (GStrv) closed = g_strsplit (half, ">", -1);
  g_autofree char *body = g_strjoinv ("›", closed);

  g_notification_set_body (notification, body);
}

/**
 * gan_notifier_tell_finished:
 * @self: a notifier
 * @id: of the job
 * @title: of what it downloaded
 *
 * What was told before and not looked at since becomes one notification with this.
 */
void
gan_notifier_tell_finished (GanNotifier *self, const char *id, const char *title)
{
  g_autofree char *several = NULL;
  GNotification *notification = NULL;

  g_return_if_fail (GAN_IS_NOTIFIER (self));
  g_return_if_fail (id != NULL);

  self->n_finished++;
  several = g_strdup_printf (
      ngettext ("%u Download Finished", "%u Downloads Finished", self->n_finished),
      self->n_finished);
  notification = g_notification_new (self->n_finished == 1 ? _ ("Download Finished") : several);
  set_body (notification, title);
  if (self->n_finished == 1)
    g_notification_add_button_with_target (notification, _ ("Open"), "app.job-open", "s", id);
  g_notification_set_default_action (notification, "app.show-downloads");
  send (self, FINISHED, notification);
}

/**
 * gan_notifier_tell_failed:
 * @self: a notifier
 * @title: of what could not be downloaded
 * @why: in people's words
 */
void
gan_notifier_tell_failed (GanNotifier *self, const char *title, const char *why)
{
  g_autofree char *several = NULL;
  g_autofree char *body = NULL;
  GNotification *notification = NULL;

  g_return_if_fail (GAN_IS_NOTIFIER (self));

  self->n_failed++;
  several = g_strdup_printf (ngettext ("%u Download Failed", "%u Downloads Failed", self->n_failed),
                             self->n_failed);
  body = g_strconcat (title, "\n", why, NULL);
  notification = g_notification_new (self->n_failed == 1 ? _ ("Download Failed") : several);
  set_body (notification, body);
  g_notification_set_default_action (notification, "app.show-downloads");
  send (self, FAILED, notification);
}

/**
 * gan_notifier_withdraw:
 * @self: a notifier
 *
 * Takes back what was told: somebody is looking.
 */
void
gan_notifier_withdraw (GanNotifier *self)
{
  g_return_if_fail (GAN_IS_NOTIFIER (self));

  if (self->n_finished > 0)
    g_application_withdraw_notification (self->application, FINISHED);
  if (self->n_failed > 0)
    g_application_withdraw_notification (self->application, FAILED);
  self->n_finished = 0;
  self->n_failed = 0;
}
