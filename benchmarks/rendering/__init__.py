"""Our letters beside npm's mjml: the same MJML gives the same pixels."""
