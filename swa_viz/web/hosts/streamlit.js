// How a Streamlit component mounts a lab: the last lines of its bundle; `render` is the lab's own.

export default function ({ parentElement, data, setStateValue }) {
  const element = parentElement.querySelector(".lab-host");
  render(element, data, { send: (message) => setStateValue("message", message) });
}
