// The layers of the network as a list. Nothing changes here until Python has agreed: what a person wants goes into `asked`,
// and the list is drawn from what comes back.

export function render({ model, el }) {
  el.innerHTML = `<ol class="layers"></ol><button type="button" class="lab-add-layer">+ add a layer</button>`
  const list = el.querySelector(".layers")
  const add = el.querySelector(".lab-add-layer")
  let count = 0

  const ask = (wish) => { model.asked = { ...wish, count: ++count } }
  const options = (pairs) => pairs.map(([name, label]) => `<option value="${name}">${label}</option>`).join("")

  function drawRows() {
    const hidden = model.layers.slice(1, -1)
    list.innerHTML = `
      <li class="lab-inputs"><span></span><b></b></li>
      ${hidden.map((_, i) => `
        <li class="lab-layer"><select aria-label="Activation of hidden layer ${i + 1}">${options(model.offered)}</select>
          <input type="number" min="1" max="${model.largest}" inputmode="numeric" aria-label="Neurons in hidden layer ${i + 1}">
          <button type="button" class="lab-remove-layer" aria-label="Remove hidden layer ${i + 1}">×</button></li>`).join("")}
      <li class="lab-output"><select aria-label="Activation of the outputs">${options(model.outputs)}</select><span>10 digits</span></li>`
    list.querySelectorAll(".lab-layer").forEach((row, i) => {
      row.querySelector("select").addEventListener("change", ({ target }) =>
        ask({ layers: model.layers, activations: model.activations.with(i, target.value) }))
      row.querySelector("input").addEventListener("change", ({ target }) => {
        const wanted = Math.round(Number(target.value))
        const neurons = Math.min(model.largest, Math.max(1, wanted || model.layers[i + 1]))
        target.value = neurons
        ask({ layers: model.layers.with(i + 1, neurons), activations: model.activations })
      })
      row.querySelector("button").addEventListener("click", () => {
        ask({ layers: model.layers.toSpliced(i + 1, 1), activations: model.activations.toSpliced(i, 1) })
        add.focus()  // the button that was pressed goes with its row
      })
    })
    list.querySelector(".lab-output select").addEventListener("change", ({ target }) => ask({ output: target.value }))
  }

  function fill() {
    const rows = [...list.querySelectorAll(".lab-layer")]
    if (rows.length !== model.layers.length - 2 || !list.children.length) {
      drawRows()
      return fill()
    }
    const side = Math.sqrt(model.layers[0])
    list.querySelector(".lab-inputs span").textContent = `${side} × ${side} pixels`
    list.querySelector(".lab-inputs b").textContent = model.layers[0]
    rows.forEach((row, i) => {
      row.querySelector("select").value = model.activations[i]
      row.querySelector("input").value = model.layers[i + 1]
    })
    list.querySelector(".lab-output select").value = model.output
    add.disabled = rows.length >= model.most
    add.textContent = add.disabled ? `${model.most} hidden layers: no more` : "+ add a layer"
  }

  add.addEventListener("click", () => {
    const last = model.layers.length - 1
    // As wide as the one before, so that it can pass on what that one found; the first is as wide as is usual.
    const neurons = last > 1 ? model.layers[last - 1] : 100
    ask({
      layers: model.layers.toSpliced(last, 0, neurons),
      activations: [...model.activations, model.activations.at(-1) ?? "relu"],
    })
  })

  model.on(["layers", "activations", "output"], fill)
  fill()
}
