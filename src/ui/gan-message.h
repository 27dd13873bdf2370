/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question or a piece of news in a window of its own. */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

AdwMessageDialog *gan_message_new (GtkWidget *widget,
                                   const char *heading,
                                   const char *body) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
