"""The pages of the library. They fetch through `visible_to` and leave deciding to the verbs."""
