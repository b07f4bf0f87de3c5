#undef Q
