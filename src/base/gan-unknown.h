/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a number says that nobody knows it. In JSON both are null. */
#pragma once

#include <glib.h>

#define GAN_UNKNOWN (-1)
#define GAN_UNKNOWN_TIME (G_MININT64)
