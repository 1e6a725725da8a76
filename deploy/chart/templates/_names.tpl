{{- define "gateway.name" -}}
{{ .Values.nameOverride | default .Chart.Name }}
{{- end -}}
