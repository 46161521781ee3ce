// A shared screen for the picture of a lesson: a board with one equation, as a canvas.
(() => {
  const board = Object.assign(document.createElement('canvas'), { width: 1280, height: 800 })
  const pen = board.getContext('2d')
  const draw = () => {
    pen.fillStyle = '#fdfdfb'
    pen.fillRect(0, 0, 1280, 800)
    pen.fillStyle = '#1c2522'
    pen.font = '600 40px Inter, system-ui, sans-serif'
    pen.fillText('Задача 18, вариант 12', 70, 100)
    pen.font = '28px Inter, system-ui, sans-serif'
    pen.fillText('При каких a уравнение имеет ровно два корня?', 70, 160)
    pen.font = 'italic 44px Georgia, serif'
    pen.fillText('x² − a = |x − 2|', 70, 260)
    pen.lineWidth = 5
    const curve = (color, at) => {
      pen.strokeStyle = color
      pen.beginPath()
      for (let x = -3; x <= 4; x += 0.05) pen.lineTo(780 + x * 90, 640 - at(x) * 40)
      pen.stroke()
    }
    curve('#0f7b6f', x => x * x - 1)
    curve('#c47a00', x => Math.abs(x - 2))
  }
  draw()
  setInterval(draw, 200)
  return lesson.publish('screen', board.captureStream(5).getVideoTracks()[0])
})()
