const element = (name, text, className) => {
  const made = document.createElement(name)
  if (text) made.textContent = text
  if (className) made.className = className
  return made
}

const nameOf = schema => schema?.$ref?.split('/').pop() ?? (schema ? JSON.stringify(schema) : '')
const schemaOf = content => content && nameOf(Object.values(content)[0]?.schema)

function operation(method, path, spec) {
  const box = element('details')
  const head = element('summary')
  head.append(element('span', method.toUpperCase(), 'method'), element('code', path), ` ${spec.summary ?? ''} `)
  head.append(element('span', spec['x-right'] ?? '', 'right'))
  box.append(head)
  const lines = [`operation: ${spec.operationId}`]
  for (const parameter of spec.parameters ?? [])
    lines.push(`${parameter.in} ${parameter.name}${parameter.required ? ' (required)' : ''}: ${parameter.description ?? ''}`)
  if (spec.requestBody) lines.push(`body: ${schemaOf(spec.requestBody.content)}`)
  for (const [status, answer] of Object.entries(spec.responses))
    lines.push(`${status}: ${answer.description} ${schemaOf(answer.content) ?? ''}`)
  box.append(element('pre', lines.join('\n')))
  return box
}

const spec = await fetch('/api/v1/openapi.json').then(answer => answer.json())
const groups = new Map()
for (const [path, item] of Object.entries(spec.paths))
  for (const [method, found] of Object.entries(item)) {
    const tag = found.tags?.[0] ?? 'other'
    groups.set(tag, [...(groups.get(tag) ?? []), operation(method, path, found)])
  }
const main = document.getElementById('operations')
for (const [tag, operations] of groups) main.append(element('h2', tag), ...operations)
