// Shows the layers of the network as a list to edit. A change is sent to Python as `asked` and shown at once, so that a second
// press builds on the first. Python answers with `layers`, `activations` and `output`, which are the ones that hold.

const PATIENCE = 5000 // milliseconds after which Python's layers are shown, even if they are not what was asked for

export function render({ model, el }) {
  el.innerHTML = `<ol class="layers"></ol><p class="fault" role="alert"></p><button type="button" class="lab-add-layer">+ add a layer</button>`
  const list = el.querySelector(".layers")
  const fault = el.querySelector(".fault")
  const add = el.querySelector(".lab-add-layer")
  let count = 0
  let wish = null // layers and activations that were asked for and that Python has not confirmed yet
  let timer = null

  const now = () => wish ?? { layers: model.layers, activations: model.activations }
  const options = (pairs) => pairs.map(([name, label]) => `<option value="${name}">${label}</option>`).join("")

  function ask(layers, activations) {
    fault.textContent = ""
    wish = { layers, activations }
    clearTimeout(timer)
    timer = setTimeout(() => {
      wish = null
      fill()
    }, PATIENCE)
    model.asked = { ...wish, count: ++count }
    fill()
  }

  // Refuses a typed number of neurons for hidden layer i + 1: says what is wrong with it and puts the old number back.
  function refuse(input, i) {
    const known = now().layers[i + 1]
    const typed = input.validity.badInput
      ? "That is no number"
      : input.value === ""
        ? "A number is missing"
        : `Not ${input.value}`
    const most = model.largest.toLocaleString("en")
    fault.textContent = `${typed}: layer ${i + 1} keeps its ${known.toLocaleString("en")}. Give a whole number from 1 to ${most}.`
    input.value = known
  }

  function drawRows() {
    const { layers } = now()
    const side = Math.round(Math.sqrt(layers[0]))
    const hidden = layers.slice(1, -1)
    list.innerHTML = `
      <li><span>${side} × ${side} pixels</span><b>${layers[0]}</b></li>
      ${hidden
        .map(
          (_, i) => `
        <li class="lab-layer"><select aria-label="Activation of hidden layer ${i + 1}">${options(model.offered)}</select>
          <input type="number" min="1" max="${model.largest}" inputmode="numeric" aria-label="Neurons in hidden layer ${i + 1}">
          <button type="button" class="lab-remove-layer" aria-label="Remove hidden layer ${i + 1}">×</button></li>`,
        )
        .join("")}
      <li class="lab-output"><select aria-label="Activation of the outputs">${options(model.outputs)}</select><span>10 digits</span></li>`
    list.querySelectorAll(".lab-layer").forEach((row, i) => {
      row
        .querySelector("select")
        .addEventListener("change", ({ target }) => ask(now().layers, now().activations.with(i, target.value)))
      row.querySelector("input").addEventListener("change", ({ target }) => {
        const neurons = target.valueAsNumber
        if (Number.isInteger(neurons) && neurons >= 1 && neurons <= model.largest) {
          ask(now().layers.with(i + 1, neurons), now().activations)
        } else refuse(target, i)
      })
      row.querySelector("button").addEventListener("click", () => {
        ask(now().layers.toSpliced(i + 1, 1), now().activations.toSpliced(i, 1))
        add.focus() // the button that was pressed disappears with its row
      })
    })
    list.querySelector(".lab-output select").addEventListener("change", ({ target }) => {
      model.asked = { output: target.value, count: ++count }
    })
  }

  let drawn = ""

  function fill() {
    const { layers, activations } = now()
    const shape = `${layers[0]} ${layers.length}`
    if (shape !== drawn) drawRows()
    drawn = shape
    const rows = [...list.querySelectorAll(".lab-layer")]
    rows.forEach((row, i) => {
      row.querySelector("select").value = activations[i]
      row.querySelector("input").value = layers[i + 1]
    })
    list.querySelector(".lab-output select").value = model.output
    add.disabled = rows.length >= model.most
    add.textContent = add.disabled ? `${model.most} hidden layers: no more` : "+ add a layer"
  }

  add.addEventListener("click", () => {
    const { layers, activations } = now()
    const last = layers.length - 1
    // A new layer is as wide as the one before it, so that nothing is squeezed out on the way; the first one gets 100 neurons.
    const neurons = last > 1 ? layers[last - 1] : 100
    ask(layers.toSpliced(last, 0, neurons), [...activations, activations.at(-1) ?? "relu"])
  })

  // Takes Python's layers. Answers to earlier requests are not shown while the latest request is still open.
  function heard() {
    if (wish && String(wish.layers) === String(model.layers) && String(wish.activations) === String(model.activations)) {
      wish = null
      clearTimeout(timer)
    }
    fill()
  }

  model.on(["layers", "activations", "output"], heard)
  fill()
}
