// A table or a block of code that scrolls can be scrolled with the keyboard, too.
export default {
  start: () => {
    for (const element of document.querySelectorAll('article table, article pre, article pre code')) {
      element.tabIndex = 0
    }
  },
}
