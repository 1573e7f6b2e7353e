// The pages work without this file. It adds what the components offer on top: focus on the error summary, counting
// characters, one click on a button only, boxes that exclude each other.
// The page names the file, with its fingerprint, so that a browser keeps it and need not ask again on each page.
const { initAll } = await import(document.querySelector('link[rel=modulepreload]').href)

document.body.classList.add('js-enabled')
if ('noModule' in HTMLScriptElement.prototype) document.body.classList.add('govuk-frontend-supported')
initAll()

// What was just done is read out and shown first.
const done = document.querySelector('[data-focus]')
if (done && !document.querySelector('.govuk-error-summary')) {
  done.setAttribute('tabindex', '-1')
  done.focus({ preventScroll: true })
}
