// Shows the button before it, which would do nothing without script, and lets it print the page.
{
  const button = document.currentScript.previousElementSibling;
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
