#include "nothere.h"
