{{- define "caravan.name" -}}
{{- if eq .Release.Name "caravan" }}caravan{{ else }}{{ printf "%s-caravan" .Release.Name | trunc 50 | trimSuffix "-" }}{{ end }}
{{- end }}

{{- define "caravan.labels" -}}
app.kubernetes.io/name: caravan
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}
