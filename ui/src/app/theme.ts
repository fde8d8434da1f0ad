import type { ThemeConfig } from 'antd'

export const theme: ThemeConfig = {
  token: {
    // What appears when its animation ends would never appear where there are none.
    motion: !globalThis.matchMedia?.('(prefers-reduced-motion: reduce)').matches,
    colorPrimary: '#1f5a9e',
    colorLink: '#1f5a9e',
    colorSuccess: '#2b7a3d',
    colorWarning: '#9a5b00',
    colorError: '#b3261e',
    colorText: '#1d2733',
    colorTextSecondary: '#55606d',
    colorTextTertiary: '#5f6a77',
    colorTextPlaceholder: '#6b7682',
    colorBorder: '#c3cad3',
    colorBgLayout: '#f3f5f8',
    borderRadius: 5,
    fontSize: 14,
    fontFamily:
      '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", -apple-system, "Segoe UI", Roboto, sans-serif',
    motionDurationMid: '0.1s',
    motionDurationSlow: '0.15s',
  },
  components: {
    Layout: { headerBg: '#ffffff', siderBg: '#ffffff', headerHeight: 52, headerPadding: '0 16px' },
  },
}
