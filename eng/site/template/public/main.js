// The choice of colours is a link that leads nowhere: it is a button, to be reached with the keyboard.
function makeButtons() {
  for (const element of document.querySelectorAll('a.dropdown-toggle:not([href]):not([role])')) {
    element.setAttribute('role', 'button')
    element.tabIndex = 0
    element.addEventListener('keydown', pressed => {
      if (pressed.key === 'Enter' || pressed.key === ' ') {
        pressed.preventDefault()
        element.click()
      }
    })
  }
}

export default {
  start: () => {
    // A table or a block of code that scrolls can be scrolled with the keyboard, too.
    for (const element of document.querySelectorAll('article table, article pre, article pre code')) {
      element.tabIndex = 0
    }

    // It is drawn after this.
    new MutationObserver(makeButtons).observe(document.body, { childList: true, subtree: true })
    makeButtons()
  },
}
