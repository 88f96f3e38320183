// The bookmark is for dragging: pressed on this page it would only be refused by our own policy.
document.querySelector("[data-bookmarklet]")?.addEventListener("click", (event) => {
  event.preventDefault();
  document.querySelector("[data-said]").textContent = "Drag it to the bar of bookmarks and press it there, on the page you want to keep.";
});
